import { Changes } from "../changes.ts";
import { type BotAccount, botOfToken } from "./bot-account.ts";
import { BotCommands } from "./bot-commands.ts";
import { BotInbox } from "./bot-inbox.ts";
import { CallbackQueries } from "./callback-queries.ts";
import { Chats } from "./chats.ts";
import { Files } from "./files.ts";
import { LongPolling } from "./long-polling.ts";
import { Messages } from "./messages.ts";
import { Presence } from "./presence.ts";
import type { ScopedClock } from "./scoped-clock.ts";
import { transcriptOf } from "./shown-messages.ts";
import { UpdateQueue } from "./update-queue.ts";

/** All that Telegram knows of a bot and its chats. The bot's side and the people's side both work on it. */
export interface TelegramState {
  readonly bot: BotAccount;
  readonly clock: ScopedClock;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly presence: Presence;
  readonly files: Files;
  readonly commands: BotCommands;
  readonly queries: CallbackQueries;
  readonly queue: UpdateQueue;
  readonly polling: LongPolling;
  readonly inbox: BotInbox;
  readonly changes: Changes;
}

/** A bot with this token, in no chat yet. */
export function createState(token: string, clock: ScopedClock): TelegramState {
  const bot = botOfToken(token);
  const chats = new Chats();
  const changes = new Changes(() => transcriptOf(chats));
  const announce = () => changes.announce();
  const presence = new Presence(clock, announce);
  const queries = new CallbackQueries(clock);
  const queue = new UpdateQueue(clock);
  queue.onChange(announce);
  return {
    bot,
    clock,
    chats,
    messages: new Messages({ bot, clock, presence, announce }),
    presence,
    files: new Files(clock),
    commands: new BotCommands(),
    queries,
    queue,
    polling: new LongPolling(queue, clock, announce),
    inbox: new BotInbox({ bot, queue, queries, clock }),
    changes,
  };
}
