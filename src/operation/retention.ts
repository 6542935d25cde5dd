import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";

export interface RetentionParts {
  readonly store: Pick<Store, "prune">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly days: number;
}

/** Deletes what is older than the operator wants to keep, now and every hour until the returned function is called. */
export function keepPruned({ store, clock, logger, days }: RetentionParts): () => void {
  let cancel: () => void = () => undefined;
  const prune = () => {
    cancel = clock.after(hourMs, prune);
    store.prune(clock.now() - days * dayMs).then(
      (events) => events > 0 && logger.info({ events }, "deleted what was kept long enough"),
      (error: unknown) => logger.warn({ err: error }, "could not delete what was kept long enough"),
    );
  };
  prune();
  return () => cancel();
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
