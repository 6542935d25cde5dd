import type { Api } from "grammy";
import type { MessageRef, Target } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { chatAddress, type SentAddress, sentAddress, sentMessages } from "./address.ts";
import { isNotModified } from "./errors.ts";

/** Each is a call that counts against the chat's limit. */
const MAX_PROBES = 8;

/**
 * Looks for a message that was posted to `target` though no answer came. Telegram lets a bot read nothing back, but tells
 * messages apart when one is to lose its buttons: its own has none ("not modified") or loses them, another's "can't be
 * edited", and some are not there ("not found"). The ids that are tried are the ones closest after the person's message
 * and after each later message of `known`.
 *
 * Not found are messages further away: private chats and basic groups count their ids over all chats of the bot. Any
 * message of the bot that is not in `known` is taken for the lost one. Rejects with what ended the search early: a rate
 * limit, no answer, no access to the chat.
 */
export async function findPosted(
  api: Api,
  target: Target,
  known: readonly MessageRef[],
): Promise<MessageRef | undefined> {
  const { chat, replyTo } = chatAddress(target);
  const accounted = known.flatMap((ref) => (sentAddress(ref).chat === chat ? sentMessages(ref) : []));
  for (const message of candidates(replyTo, new Set(accounted))) {
    if (!(await isOwn(api, chat, message))) continue;
    const address: SentAddress = { chat, message };
    return { address };
  }
  return undefined;
}

/**
 * Ids to try, those right after a message that is accounted for before those further from one. Without a message of a
 * person nothing tells where an answer began, so only the bot's latest message counts.
 */
function candidates(replyTo: number | undefined, known: ReadonlySet<number>): number[] {
  const latestFirst = [...known].sort((a, b) => b - a);
  const starts =
    replyTo === undefined ? latestFirst.slice(0, 1) : [...latestFirst.filter((id) => id > replyTo), replyTo];
  const ids = new Set<number>();
  for (let distance = 1; distance <= MAX_PROBES; distance += 1) {
    for (const id of starts.map((start) => start + distance)) {
      if (!known.has(id)) ids.add(id);
    }
  }
  return [...ids].slice(0, MAX_PROBES);
}

async function isOwn(api: Api, chat: number, message: number): Promise<boolean> {
  try {
    await api.editMessageReplyMarkup(chat, message);
    return true;
  } catch (error) {
    if (isNotModified(error)) return true;
    if (error instanceof PlatformError && error.code === "not-found") return false;
    throw error;
  }
}
