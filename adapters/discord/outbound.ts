import { randomBytes } from "node:crypto";
import { type APIMessage, MessageFlags, type RESTPostAPIChannelMessageJSONBody, Routes } from "discord.js";
import type { MessageRef, OutgoingMessage, Target } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import {
  type Address,
  addressOf,
  type ChannelAddress,
  type InteractionAddress,
  type SentMessage,
  sentMessageOf,
} from "./address.ts";
import { renderMarkdown } from "./render.ts";
import type { DiscordApi } from "./rest.ts";

export interface Outbound {
  post(target: Target, message: OutgoingMessage): Promise<MessageRef>;
  edit(ref: MessageRef, message: OutgoingMessage): Promise<void>;
  startTyping(target: Target): Promise<void>;
}

/** Nobody is pinged, whatever the text holds. An edit without this would ping again. */
const allowedMentions = { parse: [], replied_user: false };

export function createOutbound(api: DiscordApi, clock: Clock): Outbound {
  const started = new StartedInteractions(clock);

  async function postTo(address: Address, message: OutgoingMessage): Promise<MessageRef> {
    if (address.kind === "channel") return { address: await createInChannel(api, address, message) };
    if (clock.now() < address.expiresAt) {
      try {
        return { address: await answerInteraction(api, address, message, started) };
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
    return postTo({ kind: "channel", channel: address.channel }, message);
  }

  return {
    post: (target, message) => postTo(addressOf(target.address), message),
    async edit(ref, message) {
      const sent = sentMessageOf(ref.address);
      const { via } = sent;
      if (via.kind === "channel" || clock.now() >= via.expiresAt) return editInChannel(api, sent, message);
      try {
        await editThroughWebhook(api, via, sent.message, message);
      } catch (error) {
        if (!isGone(error)) throw error;
        await editInChannel(api, sent, message);
      }
    },
    async startTyping(target) {
      const address = addressOf(target.address);
      // A deferred interaction shows "thinking…" by itself, to those alone who will see the answer.
      if (address.kind === "interaction") return;
      await api.call({ method: "Post", route: Routes.channelTyping(address.channel) });
    },
  };
}

/** The interactions whose deferred answer was filled in. What comes next are follow-ups. */
class StartedInteractions {
  readonly #expiry = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(address: InteractionAddress): boolean {
    return this.#expiry.has(address.interaction);
  }

  add(address: InteractionAddress): void {
    const now = this.#clock.now();
    for (const [interaction, expiresAt] of this.#expiry) {
      if (expiresAt <= now) this.#expiry.delete(interaction);
    }
    this.#expiry.set(address.interaction, address.expiresAt);
  }
}

async function createInChannel(api: DiscordApi, via: ChannelAddress, message: OutgoingMessage): Promise<SentMessage> {
  const body: RESTPostAPIChannelMessageJSONBody = {
    ...contentOf(message),
    nonce: message.nonce ?? randomBytes(12).toString("hex"),
    enforce_nonce: true,
    ...(message.reply && via.replyTo && { message_reference: { message_id: via.replyTo, fail_if_not_exists: false } }),
  };
  // Discord returns the first message for a nonce it has seen in the past few minutes, so a repeat makes no second one.
  const answer = await api.call({ method: "Post", route: Routes.channelMessages(via.channel), body, repeatable: true });
  const sent = { message: messageId(answer, "POST /channels/:id/messages"), via };
  if (!holds(answer, body.content)) await editInChannel(api, sent, message);
  return sent;
}

async function answerInteraction(
  api: DiscordApi,
  via: InteractionAddress,
  message: OutgoingMessage,
  started: StartedInteractions,
): Promise<SentMessage> {
  if (started.has(via)) return followUp(api, via, message);
  const answer = await editThroughWebhook(api, via, "@original", message);
  started.add(via);
  return { message: messageId(answer, "PATCH /webhooks/:id/:token/messages/@original"), via };
}

async function followUp(api: DiscordApi, via: InteractionAddress, message: OutgoingMessage): Promise<SentMessage> {
  const answer = await api.call({
    method: "Post",
    route: Routes.webhook(via.applicationId, via.token),
    query: { wait: "true" },
    body: { ...contentOf(message), ...(via.ephemeral && { flags: MessageFlags.Ephemeral }) },
    auth: false,
  });
  return { message: messageId(answer, "POST /webhooks/:id/:token"), via };
}

function editThroughWebhook(
  api: DiscordApi,
  via: InteractionAddress,
  message: string,
  content: OutgoingMessage,
): Promise<unknown> {
  return api.call({
    method: "Patch",
    route: Routes.webhookMessage(via.applicationId, via.token, message),
    body: contentOf(content),
    auth: false,
    repeatable: message === "@original",
  });
}

async function editInChannel(api: DiscordApi, sent: SentMessage, content: OutgoingMessage): Promise<void> {
  await api.call({
    method: "Patch",
    route: Routes.channelMessage(sent.via.channel, sent.message),
    body: contentOf(content),
  });
}

function contentOf(message: OutgoingMessage) {
  return { content: renderMarkdown(message.text), allowed_mentions: allowedMentions };
}

function isGone(error: unknown): boolean {
  return error instanceof PlatformError && error.code === "not-found";
}

/** False for the message of an earlier attempt, when the text has grown since. Discord cuts white space at both ends. */
function holds(answer: unknown, content: string | undefined): boolean {
  return (answer as Partial<APIMessage>).content === content?.trim();
}

/** A proxy's page can stand in for Discord's answer; then nobody knows whether the message was made. */
function messageId(answer: unknown, method: string): string {
  const { id } = (answer ?? {}) as Partial<APIMessage>;
  if (typeof id !== "string") {
    throw new PlatformError("network", "Discord's answer names no message.", { platform: "discord", method });
  }
  return id;
}
