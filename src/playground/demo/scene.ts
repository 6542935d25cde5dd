import type { CozeEmulator } from "../coze/index.ts";
import type { Exchange } from "../exchange.ts";

/** One part of the demo: what Ann does on a platform, and what must come of it. */
export interface Scene {
  readonly title: string;
  /** Does Ann's part. Resolves when the chat shows all that it must, or when that took too long. */
  readonly play: (exchange: Exchange, coze: CozeEmulator) => Promise<void>;
  /** What is wrong with the words that are shown, one sentence each. */
  readonly mistakes: (exchange: Exchange, coze: CozeEmulator) => readonly string[];
  /** Whether the answer takes long enough that people must see it grow. */
  readonly grows: boolean;
}

/** Longest wait for anything, far above what it takes. */
export const PATIENCE_MS = 60_000;
