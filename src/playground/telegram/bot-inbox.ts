import type { ChatMember, User } from "grammy/types";
import type { BotAccount } from "./bot-account.ts";
import type { CallbackQueries } from "./callback-queries.ts";
import { type ChatRecord, chatOnWire, type PrivateChat } from "./chats.ts";
import { type MessageOnWire, messageOnWire, type StoredMessage } from "./messages.ts";
import type { Draft } from "./presence.ts";
import { isVisible } from "./privacy.ts";
import type { ScopedClock } from "./scoped-clock.ts";
import type { UpdateQueue } from "./update-queue.ts";

const DAY_MS = 86_400_000;

/** Turns what people do into updates for the bot, as far as the bot gets to see it. */
export class BotInbox {
  /** On by default, as BotFather has it; getMe tells it. */
  privacyMode = true;
  readonly #bot: BotAccount;
  readonly #queue: UpdateQueue;
  readonly #queries: CallbackQueries;
  readonly #clock: ScopedClock;

  constructor(parts: {
    readonly bot: BotAccount;
    readonly queue: UpdateQueue;
    readonly queries: CallbackQueries;
    readonly clock: ScopedClock;
  }) {
    this.#bot = parts.bot;
    this.#queue = parts.queue;
    this.#queries = parts.queries;
    this.#clock = parts.clock;
  }

  messageSent(message: StoredMessage): void {
    if (!isVisible(message, this.#bot, this.privacyMode)) return;
    this.#queue.add({ message: messageOnWire(message) }, DAY_MS);
  }

  messageEdited(message: StoredMessage): void {
    if (!isVisible(message, this.#bot, this.privacyMode)) return;
    const edited_message = messageOnWire(message) as MessageOnWire & { edit_date: number };
    this.#queue.add({ edited_message }, DAY_MS);
  }

  /** A button was pressed. Of a deleted message no more than its place is told. */
  buttonPressed(from: User, message: StoredMessage, data: string): void {
    const { chat, id, isDeleted } = message;
    const query = {
      id: this.#queries.open(),
      from,
      message: isDeleted ? { chat: chatOnWire(chat), message_id: id, date: 0 as const } : messageOnWire(message),
      chat_instance: String(chat.id * 7919),
      data,
    };
    this.#queue.add({ callback_query: query }, this.#queries.lifeMs);
  }

  /** The bot was shut out of a chat, or let in again. */
  membershipChanged(chat: ChatRecord, from: User, isMember: boolean): void {
    const member: ChatMember = { status: "member", user: this.#bot };
    const kicked: ChatMember = { status: "kicked", user: this.#bot, until_date: 0 };
    const [old_chat_member, new_chat_member] = isMember ? [kicked, member] : [member, kicked];
    const date = this.#clock.unixTime();
    const my_chat_member = { chat: chatOnWire(chat), from, date, old_chat_member, new_chat_member };
    this.#queue.add({ my_chat_member }, DAY_MS);
  }

  draftStopped(chat: PrivateChat, draft: Draft): void {
    const { id, user } = chat;
    const thread = draft.topicId === undefined ? {} : { message_thread_id: draft.topicId };
    const place = { chat: { id, type: "private" as const, first_name: user.first_name }, ...thread };
    // The documentation calls it a number, but the server writes it as text, as all numbers of 64 bits.
    const draft_id = String(draft.draftId) as unknown as number;
    this.#queue.add({ stopped_message_generation: { ...place, draft_id } }, DAY_MS);
  }
}
