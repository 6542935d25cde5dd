import { randomBytes } from "node:crypto";
import { type APIDMChannel, type APIMessage, RESTJSONErrorCodes, Routes } from "discord.js";
import { PlatformError } from "../../src/errors.ts";
import { type Address, budgetOf, type ChannelAddress, type SentMessage } from "./address.ts";
import { hasButtons } from "./buttons.ts";
import { discordCode, succeedIfGone } from "./errors.ts";
import { messageId, type NewMessage, requestOf } from "./message-body.ts";
import type { Counted } from "./rate-limits.ts";
import type { DiscordApi } from "./rest.ts";

/** Messages through the routes of their channel. */
export function createChannelMessages(api: DiscordApi) {
  /** Messages of an archived thread can't be changed. Whoever may write in it may open it again, unless it is locked. */
  async function reopen({ channel }: Address): Promise<void> {
    await api.call({ method: "Patch", route: Routes.channel(channel), body: { archived: false } });
  }

  return {
    async create(via: ChannelAddress, message: NewMessage): Promise<SentMessage> {
      const { body, ...upload } = requestOf(message);
      const { nonce = randomBytes(12).toString("hex"), reply } = message.options;
      const answer = await api.call({
        method: "Post",
        route: Routes.channelMessages(via.channel),
        body: {
          ...body,
          nonce,
          enforce_nonce: true,
          ...(reply && via.replyTo && { message_reference: { message_id: via.replyTo, fail_if_not_exists: false } }),
        },
        ...upload,
        // Discord returns the first message for a nonce it has seen in the past few minutes: a repeat makes no second one.
        repeatable: true,
        counts: counted(via, "post"),
      });
      const sent = { message: messageId(answer, "POST /channels/:id/messages"), via };
      if (!holds(answer, message)) await this.edit(via, sent.message, message.fields);
      return sent;
    },

    /** `via` may be a command that was given in the channel; `body` is what changes. */
    async edit(via: Address, message: string, body: object): Promise<void> {
      const route = Routes.channelMessage(via.channel, message);
      const change = () => api.call({ method: "Patch", route, body, counts: counted(via, "edit") });
      await change().catch(async (error: unknown) => {
        if (!isOfArchivedThread(error)) throw error;
        await reopen(via);
        await change();
      });
    },

    async remove(via: Address, message: string): Promise<void> {
      await succeedIfGone(api.call({ method: "Delete", route: Routes.channelMessage(via.channel, message) }));
    },

    async startTyping(via: ChannelAddress): Promise<void> {
      await api.call({ method: "Post", route: Routes.channelTyping(via.channel) });
    },

    /** The channel of a person's private chat with the bot; made if there was none. */
    async privateChat(person: string): Promise<string> {
      const body = { recipient_id: person };
      const answer = await api.call({ method: "Post", route: Routes.userChannels(), body, repeatable: true });
      return (answer as APIDMChannel).id;
    },
  };
}

function isOfArchivedThread(error: unknown): boolean {
  return error instanceof PlatformError && discordCode(error) === RESTJSONErrorCodes.InvalidActionOnArchivedThread;
}

/** These routes count against the channel, whatever brought the message there. */
function counted({ channel }: Address, call: Counted["call"]): Counted {
  return { budget: budgetOf({ kind: "channel", channel }), call };
}

/** False for the message of an earlier attempt that has changed since. Discord cuts white space at both ends. */
function holds(answer: unknown, { fields: { content = "", components = [] } }: NewMessage): boolean {
  const sent = answer as Partial<APIMessage>;
  return sent.content === content.trim() && hasButtons(sent, components);
}
