import type { Adapter, Condition } from "../adapter.ts";
import { type Clock, pause } from "../clock.ts";
import type { Store } from "../store/store.ts";

/** Whether the bridge can do its work at this moment, and if not, why. Holds no secret and nothing that people wrote. */
export interface Readiness {
  readonly status: "ready" | "starting" | "stopping" | "unready";
  readonly store: StoreCondition;
  readonly platforms: Readonly<Record<string, Condition>>;
  readonly coze: CozeCondition;
}

export interface StoreCondition {
  readonly ok: boolean;
  /** How long the store took to answer, in milliseconds. */
  readonly ms: number;
}

/** Times are milliseconds since the epoch. */
export interface CozeCondition {
  readonly lastSuccessAt?: number;
  readonly lastFailureAt?: number;
  /** True while questions are refused at once because Coze fails again and again. */
  readonly breakerOpen: boolean;
}

export type Phase = "starting" | "running" | "stopping";

/** What readiness follows from. */
export interface Conditions extends Omit<Readiness, "status"> {
  readonly phase: Phase;
}

export interface ReadinessParts {
  readonly phase: () => Phase;
  readonly store: Pick<Store, "ping">;
  /** The enabled ones. */
  readonly adapters: readonly Pick<Adapter, "name" | "condition">[];
  readonly coze: () => CozeCondition;
  readonly clock: Clock;
}

/** Ready: started, the store answers, every enabled platform is heard, and Coze is asked. */
export function readinessOf({ phase, store, platforms, coze }: Conditions): Readiness {
  const works = store.ok && Object.values(platforms).every(({ isReceiving }) => isReceiving) && !coze.breakerOpen;
  const status = phase === "running" ? (works ? "ready" : "unready") : phase;
  return { status, store, platforms, coze };
}

/** Asks all parts how they are. Never rejects. */
export async function askReadiness(parts: ReadinessParts): Promise<Readiness> {
  const store = await askStore(parts.store, parts.clock);
  const platforms = Object.fromEntries(parts.adapters.map((adapter) => [adapter.name, adapter.condition()]));
  return readinessOf({ phase: parts.phase(), store, platforms, coze: parts.coze() });
}

/** A store that takes longer does not answer. */
const pingTimeoutMs = 2_000;

async function askStore(store: Pick<Store, "ping">, clock: Clock): Promise<StoreCondition> {
  const begun = clock.now();
  const over = new AbortController();
  const answer = store.ping().then(
    () => true,
    () => false,
  );
  const silence = pause(clock, pingTimeoutMs, over.signal).then(() => false);
  const ok = await Promise.race([answer, silence]);
  over.abort();
  return { ok, ms: clock.now() - begun };
}
