import { RESTJSONErrorCodes } from "discord.js";
import type { Adapter, MessageRef } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { type Address, addressOf, type InteractionAddress, type SentMessage, sentMessageOf } from "./address.ts";
import { createChannelMessages } from "./channel-messages.ts";
import { discordCode } from "./errors.ts";
import { createInteractionAnswers } from "./interaction-answers.ts";
import { fileMessage, voiceMessage } from "./media.ts";
import { buttonsOf, contentOf, type NewMessage, newMessage } from "./message-body.ts";
import type { DiscordApi } from "./rest.ts";

export type Outbound = Pick<Adapter, "post" | "postMedia" | "edit" | "delete" | "showButtons" | "startTyping">;

/** Answers to a command go through its webhook while the token lives; everything else goes through the channel. */
export function createOutbound(api: DiscordApi, clock: Clock): Outbound {
  const inChannel = createChannelMessages(api);
  const throughWebhook = createInteractionAnswers(api, clock);

  async function postTo(address: Address, message: NewMessage): Promise<SentMessage> {
    if (address.kind === "channel") return inChannel.create(address, message);
    const sent = await whileTokenLives(clock, address, () => throughWebhook.create(address, message));
    if (sent) return sent.value;
    // What one person alone could see goes on in that person's private chat: the others are not to read it.
    const channel = address.ephemeral ? await inChannel.privateChat(address.person) : address.channel;
    return inChannel.create({ kind: "channel", channel }, message);
  }

  async function change(
    { via }: SentMessage,
    throughToken: (via: InteractionAddress) => Promise<void>,
    throughChannel: (via: Address) => Promise<void>,
  ): Promise<void> {
    if (via.kind === "channel") return throughChannel(via);
    const isDone = await whileTokenLives(clock, via, () => throughToken(via));
    if (isDone) return;
    if (via.ephemeral) throw outOfReach();
    await throughChannel(via);
  }

  function edit(ref: MessageRef, body: object): Promise<void> {
    const sent = sentMessageOf(ref.address);
    return change(
      sent,
      (via) => throughWebhook.edit(via, sent.message, body),
      (via) => inChannel.edit(via, sent.message, body),
    );
  }

  return {
    async post(target, message) {
      return { address: await postTo(addressOf(target.address), newMessage(message)) };
    },
    async postMedia(target, media) {
      const address = addressOf(target.address);
      const voice = voiceMessage(media);
      const sent = voice && (await whereVoiceIsAllowed(() => postTo(address, voice)));
      if (sent) return { address: { ...sent, isVoice: true } };
      return { address: await postTo(address, fileMessage(media)) };
    },
    edit: (ref, message) => edit(ref, contentOf(message)),
    async showButtons(ref, buttons) {
      if (sentMessageOf(ref.address).isVoice) throw unchangeable();
      await edit(ref, buttonsOf(buttons));
    },
    delete(ref) {
      const sent = sentMessageOf(ref.address);
      return change(
        sent,
        (via) => throughWebhook.remove(via, sent.message),
        (via) => inChannel.remove(via, sent.message),
      );
    },
    async startTyping(target) {
      const address = addressOf(target.address);
      // A deferred interaction shows "thinking…" by itself, to those alone who will see the answer.
      if (address.kind === "channel") await inChannel.startTyping(address);
    },
  };
}

/** Nothing where the bot may send no voice messages, which takes a permission of its own; a file can still be sent. */
async function whereVoiceIsAllowed(post: () => Promise<SentMessage>): Promise<SentMessage | undefined> {
  try {
    return await post();
  } catch (error) {
    const code = error instanceof PlatformError && discordCode(error);
    if (code === RESTJSONErrorCodes.YouCannotSendVoiceMessagesInThisChannel) return undefined;
    throw error;
  }
}

/** Nothing when the token is too old, or Discord no longer knows it. */
async function whileTokenLives<T>(
  clock: Clock,
  { expiresAt }: InteractionAddress,
  call: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  if (clock.now() >= expiresAt) return undefined;
  try {
    return { value: await call() };
  } catch (error) {
    if (isTokenGone(error)) return undefined;
    throw error;
  }
}

function isTokenGone(error: unknown): boolean {
  const code = error instanceof PlatformError && discordCode(error);
  return code === RESTJSONErrorCodes.UnknownWebhook || code === RESTJSONErrorCodes.InvalidWebhookToken;
}

/** Discord docs, voice messages: "They cannot be edited." */
function unchangeable(): PlatformError {
  return new PlatformError("unknown", "A voice message can't have buttons.", {
    platform: "discord",
    method: "PATCH /channels/:id/messages/:id",
  });
}

/** The channel's own routes don't know messages that one person alone sees. A new message can still reach the person. */
function outOfReach(): PlatformError {
  return new PlatformError("not-found", "The answer to this command is out of reach after its 15 minutes.", {
    platform: "discord",
    method: "PATCH /webhooks/:id/:token/messages/:id",
  });
}
