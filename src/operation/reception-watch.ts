import type { Adapter } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import type { OperatorNotices } from "./operator.ts";

export interface ReceptionWatchParts {
  readonly adapters: readonly Pick<Adapter, "name" | "condition">[];
  readonly notices: Pick<OperatorNotices, "report">;
  readonly clock: Clock;
}

/** Tells the operator of platforms from which nothing arrives for minutes, until the returned function is called. */
export function watchReception({ adapters, notices, clock }: ReceptionWatchParts): () => void {
  const deafSince = new Map<string, number>();
  let cancel: () => void = () => undefined;
  const look = () => {
    cancel = clock.after(lookEveryMs, look);
    for (const { name, condition } of adapters) {
      const { isReceiving, problem } = condition();
      if (isReceiving) {
        deafSince.delete(name);
        continue;
      }
      const since = deafSince.get(name) ?? clock.now();
      deafSince.set(name, since);
      if (clock.now() - since >= worryAfterMs) notices.report("platform", { platform: name, problem });
    }
  };
  look();
  return () => cancel();
}

const lookEveryMs = 60_000;

/** Reconnecting, and another program's last poll, are over by then. */
const worryAfterMs = 300_000;
