import { type APIMessage, type APIUser, MessageFlags, RESTJSONErrorCodes, Routes } from "discord.js";
import type { MessageRef, Target } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { addressOf, type ChannelAddress, type InteractionAddress, sentMessageOf } from "./address.ts";
import { discordCode } from "./errors.ts";
import { isNewer, readAfter, readPage } from "./history.ts";
import type { DiscordApi } from "./rest.ts";

/** How far back the channel is read: an answer is looked for soon after it was sent. */
const PAGES = 3;

/**
 * Looks for a message that was posted to `target` though no answer came. `known` are the bot's messages that are
 * accounted for. The first message of an answer replies to the person's; the next ones follow it.
 */
export async function findPosted(
  api: DiscordApi,
  clock: Pick<Clock, "now">,
  target: Target,
  known: readonly MessageRef[],
): Promise<MessageRef | undefined> {
  const address = addressOf(target.address);
  const accounted = known.map(({ address: sent }) => sentMessageOf(sent).message);
  const found =
    address.kind === "channel"
      ? await findInChannel(api, address, accounted)
      : await findAnswer(api, clock, address, accounted);
  return found === undefined ? undefined : { address: { message: found, via: address } };
}

async function findInChannel(
  api: DiscordApi,
  { channel, replyTo }: ChannelAddress,
  known: readonly string[],
): Promise<string | undefined> {
  const newestKnown = newest(known);
  const start = replyTo ?? newestKnown;
  if (start === undefined) return undefined;
  const own = (await ownMessagesAfter(api, channel, start)).filter((message) => !message.interaction_metadata);
  const unknown = (message: APIMessage) => !known.includes(message.id);
  const reply = own.find((message) => replyTo !== undefined && referenceOf(message) === replyTo && unknown(message));
  if (reply || newestKnown === undefined) return reply?.id;
  const later = own.filter(({ id }) => isNewer(id, newestKnown));
  const next = later.find((message) => unknown(message) || isOfAnother(message, replyTo));
  return next && !isOfAnother(next, replyTo) ? next.id : undefined;
}

/** An answer to a command: in the channel where everyone sees it, else only its first message can be asked for. */
async function findAnswer(
  api: DiscordApi,
  clock: Pick<Clock, "now">,
  via: InteractionAddress,
  known: readonly string[],
): Promise<string | undefined> {
  const isLost = ({ id, flags }: APIMessage) => !isLoading(flags) && !known.includes(id);
  if (!via.ephemeral) {
    const own = await ownMessagesAfter(api, via.channel, via.interaction);
    return own.find((message) => message.interaction_metadata?.id === via.interaction && isLost(message))?.id;
  }
  if (clock.now() >= via.expiresAt) return undefined;
  const original = await readOriginal(api, via);
  return original && isLost(original) ? original.id : undefined;
}

/** The person sees "thinking…" there. */
function isLoading(flags: number | undefined): boolean {
  return ((flags ?? 0) & MessageFlags.Loading) !== 0;
}

async function readOriginal(api: DiscordApi, via: InteractionAddress): Promise<APIMessage | undefined> {
  try {
    const route = Routes.webhookMessage(via.applicationId, via.token, "@original");
    return (await api.call({ method: "Get", route, auth: false, repeatable: true })) as APIMessage;
  } catch (error) {
    const isGone = error instanceof PlatformError && discordCode(error) === RESTJSONErrorCodes.UnknownMessage;
    if (isGone) return undefined;
    throw error;
  }
}

/** What the bot said in a channel, oldest first. */
async function ownMessagesAfter(api: DiscordApi, channel: string, start: string): Promise<readonly APIMessage[]> {
  const messages = await readAfter((page) => readPage(api, channel, page), start, PAGES);
  const { id } = (await api.call({ method: "Get", route: Routes.user(), repeatable: true })) as APIUser;
  return messages.filter(({ author }) => author.id === id);
}

function isOfAnother(message: APIMessage, replyTo: string | undefined): boolean {
  const reference = referenceOf(message);
  return reference !== undefined && reference !== replyTo;
}

function referenceOf({ message_reference }: APIMessage): string | undefined {
  return message_reference?.message_id;
}

function newest(ids: readonly string[]): string | undefined {
  return ids.reduce<string | undefined>((best, id) => (best === undefined || isNewer(id, best) ? id : best), undefined);
}
