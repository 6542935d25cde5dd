import type { Inbox } from "../../src/adapter.ts";
import { CatchUp } from "./catch-up.ts";
import { answerAutocompletion } from "./completions.ts";
import type { DiscordAdapterConfig } from "./config.ts";
import { type DiscordEvent, deliver } from "./delivery.ts";
import type { GatewayListener } from "./gateway.ts";
import { chatOf, toEditedEvent, toMessageEvent } from "./inbound.ts";
import {
  acknowledge,
  isAutocompletion,
  isButtonPress,
  isSlashCommand,
  type SlashCommand,
  toActionEvent,
  toCommandEvent,
} from "./interactions.ts";
import type { DiscordApi } from "./rest.ts";

/** Offers to the core what the gateway tells, and what it did not tell. Until `signal` is aborted. */
export function createListener(
  inbox: Inbox,
  api: DiscordApi,
  { clock, logger }: DiscordAdapterConfig,
  signal: AbortSignal,
): GatewayListener {
  const catchUp = new CatchUp({ api, inbox, clock, logger, signal });
  /** The last command of a person in a channel, until it is offered: what is said behind it comes behind it. */
  const commands = new Map<string, Promise<void>>();

  async function offer(read: () => DiscordEvent | undefined | Promise<DiscordEvent | undefined>): Promise<void> {
    try {
      const event = await read();
      if (event && !signal.aborted) await deliver(inbox, event, { clock, logger, signal });
    } catch (err) {
      logger.error({ err }, "an event from Discord could not be read");
    }
  }

  async function offerCommand(command: SlashCommand): Promise<void> {
    const place = placeOf(command.channel.id, (command.member?.user ?? command.user)?.id);
    const offered = offer(async () => toCommandEvent(command, await acknowledge(api, command, logger), clock.now()));
    commands.set(place, offered);
    await offered;
    if (commands.get(place) === offered) commands.delete(place);
  }

  /** Offers what happened in a channel after what was said there before. */
  async function offerInTurn(channel: string, read: () => DiscordEvent | undefined): Promise<void> {
    await catchUp.precede(channel);
    await offer(read);
  }

  return {
    onSession: () => catchUp.sessionBegan(),
    onReady: (directory) => void catchUp.read(directory),
    onMessage(data, directory) {
      const offerMessage = () =>
        offerInTurn(data.channel_id, () => toMessageEvent(data, chatOf(data, directory), directory));
      const command = commands.get(placeOf(data.channel_id, data.author.id));
      void (command ? command.then(offerMessage) : offerMessage());
    },
    onEdit(data, directory) {
      void offerInTurn(data.channel_id, () => toEditedEvent(data, directory));
    },
    onDeletion(channel, messages) {
      for (const messageId of messages) {
        void offerInTurn(channel, () => ({ type: "deleted", platform: "discord", messageId }));
      }
    },
    onInteraction(data) {
      if (isSlashCommand(data)) {
        void offerCommand(data);
      } else if (isButtonPress(data)) {
        void offer(() => acknowledge(api, data, logger).then(() => toActionEvent(data)));
      } else if (isAutocompletion(data)) {
        void answerAutocompletion({ api, inbox, clock, logger }, data);
      } else {
        logger.debug({ interaction: data.id, type: data.type }, "an interaction of another kind is left alone");
      }
    },
  };
}

function placeOf(channel: string, person: string | undefined): string {
  return `${channel}:${person}`;
}
