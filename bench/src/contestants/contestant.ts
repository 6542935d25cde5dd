import type { OpenPlatform } from "../platform-process.ts";

/** One way to stream an answer into a chat. */
export interface Contestant {
  /** Connects to a platform where the bot is in `platform.rooms`. People write there once this is done. */
  open(platform: OpenPlatform): Promise<Bot>;
}

export interface Bot {
  /** Streams an answer into a room and resolves when it is all there, as far as the contestant can tell. */
  answer(room: string, deltas: AsyncIterable<string>): Promise<void>;
  close(): Promise<void>;
}
