import type { Settings } from "./settings.ts";
import { readMilliseconds } from "./values.ts";

/** How long an answer may take, in milliseconds. */
export interface CozeTimeouts {
  /** The longest silence of a stream. */
  readonly idleTimeoutMs: number;
  /** From the question to the end of its answer. */
  readonly turnTimeoutMs: number;
}

export function readCozeTimeouts(settings: Settings): CozeTimeouts {
  const idleTimeoutMs = readMilliseconds(settings, "COZE_IDLE_TIMEOUT_MS", {
    fallback: 120_000,
    min: 100,
    max: 3_600_000,
  });
  const turnTimeoutMs = readMilliseconds(settings, "COZE_TURN_TIMEOUT_MS", {
    fallback: 900_000,
    min: 100,
    max: 86_400_000,
  });
  // A total below the default silence is simply a short total. A silence that was set, and never comes to pass, is a mistake.
  if (settings.isSet("COZE_IDLE_TIMEOUT_MS") && idleTimeoutMs > turnTimeoutMs) {
    settings.refuse(
      "COZE_TURN_TIMEOUT_MS",
      `An answer ends after ${turnTimeoutMs}, before the silence of COZE_IDLE_TIMEOUT_MS can be over.`,
      `Set it to at least ${idleTimeoutMs}, or lower COZE_IDLE_TIMEOUT_MS.`,
    );
  }
  return { idleTimeoutMs, turnTimeoutMs };
}
