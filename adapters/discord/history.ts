import { type APIMessage, Routes, SnowflakeUtil } from "discord.js";
import { PlatformError } from "../../src/errors.ts";
import type { DiscordApi } from "./rest.ts";

/** Where a page of a channel's history begins: next to a message, or at the newest. */
export type PageStart = { readonly after: string } | { readonly before: string } | Record<string, never>;

export type ReadPage = (start: PageStart) => Promise<readonly APIMessage[]>;

/** What Discord gives at most at once. */
const PAGE_LENGTH = 100;

/** One page of a channel's history, oldest first. */
export async function readPage(api: DiscordApi, channel: string, start: PageStart): Promise<readonly APIMessage[]> {
  const query = { ...start, limit: String(PAGE_LENGTH) };
  const answer = await api.call({ method: "Get", route: Routes.channelMessages(channel), query, repeatable: true });
  if (!Array.isArray(answer)) {
    const details = { platform: "discord", method: "GET /channels/:id/messages" };
    throw new PlatformError("network", "Discord's answer is no list of messages.", details);
  }
  return (answer as readonly APIMessage[]).toSorted((a, b) => (isNewer(a.id, b.id) ? 1 : -1));
}

/**
 * The messages after the one with the id `after`, oldest first, from at most `pages` pages and one. Of more messages than
 * that it is the newest.
 */
export async function readAfter(read: ReadPage, after: string, pages: number): Promise<readonly APIMessage[]> {
  const first = await read({ after });
  if (first.length < PAGE_LENGTH) return first;
  const found: APIMessage[] = [];
  for (let page = 0; page < pages; page += 1) {
    const [oldest] = found;
    const messages = (await read(oldest ? { before: oldest.id } : {})).filter(({ id }) => isNewer(id, after));
    found.unshift(...messages);
    if (messages.length < PAGE_LENGTH) break;
  }
  return found;
}

/** Ids grow with time. https://docs.discord.com/developers/reference#snowflakes */
export function isNewer(id: string, other: string): boolean {
  return BigInt(id) > BigInt(other);
}

/** An id just before all that were given out from this time on, in milliseconds since the epoch. */
export function idBefore(time: number): string {
  const since = BigInt(Math.max(0, Math.floor(time))) - SnowflakeUtil.epoch;
  return since <= 0n ? "0" : String((since << 22n) - 1n);
}
