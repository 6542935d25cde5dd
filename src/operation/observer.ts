/** What the core tells while it works, to whoever counts it (metrics.ts). Nothing of it holds what people wrote. */
export interface Observer {
  /** A turn came to its end. */
  turnEnded(report: TurnReport): void;
  /** A message of an answer was sent or changed; `ageMs` is how long its newest text had been known by then. */
  textShown(platform: string, ageMs: number): void;
}

export interface TurnReport {
  readonly platform: string;
  readonly outcome: "delivered" | "waiting" | "stopped" | "failed";
  /** The failure's stable code (failures.ts). */
  readonly code?: string | undefined;
  /** From the turn's beginning, in milliseconds. */
  readonly ms: number;
  /** From the turn's beginning until the first text came from Coze, in milliseconds. */
  readonly firstTextMs?: number | undefined;
  /** Tokens used, as Coze counted them. */
  readonly tokens?: number | undefined;
}
