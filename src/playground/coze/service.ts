import type { Clock } from "../../clock.ts";
import type { ReceivedFile } from "./api.ts";
import type { Answer } from "./brain.ts";
import type { Conversations } from "./conversations.ts";
import type { Dialect } from "./dialect.ts";
import type { Files } from "./files.ts";

/** What the chat and conversation endpoints work on. */
export interface Service {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly newId: () => string;
  readonly conversations: Conversations;
  readonly files: Files;
  /** Whether the endpoints that look chats up know those of flows. */
  readonly retrievesFlowChats: boolean;
  /** Chooses the script of the next run. */
  readonly answer: Answer;
  /** What is said in a recording. */
  readonly hear: (file: ReceivedFile) => string;
  /** Aborted when the emulator closes: every run ends where it stands. */
  readonly closing: AbortSignal;
  /** To be called when anything became different that a test may wait for. */
  readonly changed: () => void;
}

/** Unix seconds, as all timestamps of the API. */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
