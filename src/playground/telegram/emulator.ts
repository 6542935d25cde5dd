import type { InputRichMessage } from "grammy/types";
import type { ChatPlatform, Person, Room, SayOptions, SentFile, ShownMessage } from "../chat-platform.ts";
import type { FaultPlan } from "../faults.ts";
import type { BotAccount } from "./bot-account.ts";
import type { CallLog, TelegramCall } from "./call-log.ts";
import type { ChatLife } from "./chat-life.ts";
import type { Keyboard } from "./inline-keyboard.ts";
import { findMessage, type StoredMessage, shownVersion } from "./messages.ts";
import type { People } from "./people.ts";
import type { Draft } from "./presence.ts";
import { reasons } from "./refusal.ts";
import { messagesIn, shownMessage, transcriptOf } from "./shown-messages.ts";
import type { TelegramState } from "./state.ts";

/** What the emulator is made of. */
export interface EmulatorParts {
  readonly state: TelegramState;
  readonly people: People;
  readonly chatLife: ChatLife;
  readonly log: CallLog;
  readonly faults: FaultPlan;
  readonly token: string;
  readonly apiRoot: string;
  /** From now on every call is refused with 401. */
  readonly revokeToken: () => void;
  readonly close: () => Promise<void>;
}

/** A stateful Bot API server for one bot, with the people's side of its chats. Its state outlives the bot's crashes. */
export class TelegramEmulator implements ChatPlatform {
  readonly name = "telegram";
  readonly environment: Readonly<Record<string, string>>;
  readonly bot: BotAccount;
  readonly token: string;
  /** What grammY calls `client.apiRoot`. */
  readonly apiRoot: string;
  readonly faults: FaultPlan;
  readonly #parts: EmulatorParts;
  readonly #state: TelegramState;

  constructor(parts: EmulatorParts) {
    this.#parts = parts;
    this.#state = parts.state;
    this.bot = parts.state.bot;
    this.token = parts.token;
    this.apiRoot = parts.apiRoot;
    this.faults = parts.faults;
    this.environment = { TELEGRAM_BOT_TOKEN: parts.token, TELEGRAM_API_BASE: parts.apiRoot };
  }

  addPerson(profile?: { readonly name?: string; readonly locale?: string }): Person {
    return this.#state.chats.addPerson(profile);
  }

  /** Another bot, to be a member of groups and to speak there. */
  addBot(name: string): Person {
    return this.#state.chats.addBot(name);
  }

  privateRoom(person: Person): Room {
    return this.#state.chats.privateChat(person).room;
  }

  /** A group, or with `forum` a supergroup with topics; a group becomes one with its first thread. */
  addGroup(title: string, members: readonly Person[], options: { readonly forum?: boolean } = {}): Room {
    return this.#parts.chatLife.createGroup(title, members, options.forum ?? false).room;
  }

  addThread(group: Room, title: string): Room {
    return this.#parts.chatLife.openTopic(group, title);
  }

  deleteThread(thread: Room): void {
    this.#parts.chatLife.deleteTopic(thread);
  }

  /** The supergroup that the group becomes; its old room leads there for people, while the bot must learn the new id. */
  migrateGroup(group: Room): Room {
    return this.#parts.chatLife.upgrade(this.#state.chats.group(group)).room;
  }

  kickBot(group: Room): void {
    this.#parts.chatLife.setBotMember(group, false);
  }

  readmitBot(group: Room): void {
    this.#parts.chatLife.setBotMember(group, true);
  }

  block(person: Person): void {
    this.#parts.chatLife.setBlocked(person, true);
  }

  unblock(person: Person): void {
    this.#parts.chatLife.setBlocked(person, false);
  }

  /** On by default: in groups the bot gets only what is meant for it. */
  setPrivacyMode(isOn: boolean): void {
    this.#state.inbox.privacyMode = isOn;
  }

  say(person: Person, room: Room, text: string, options?: SayOptions): ShownMessage {
    return this.#shown(this.#parts.people.say(person, room, text, options));
  }

  command(person: Person, room: Room, name: string, argument?: string): void {
    this.#parts.people.command(person, room, name, argument);
  }

  /** Of an album the message with the first file is returned. */
  sendFile(person: Person, room: Room, files: readonly SentFile[], options?: SayOptions): ShownMessage {
    return this.#shown(this.#parts.people.sendFile(person, room, files, options));
  }

  editMessage(person: Person, message: ShownMessage, text: string): ShownMessage {
    return this.#shown(this.#parts.people.edit(person, message, text));
  }

  deleteMessage(person: Person, message: ShownMessage): void {
    this.#parts.people.delete(person, message);
  }

  /** Presses the inline button with this label, also one that only the given picture of the message still has. */
  press(person: Person, message: ShownMessage, label: string): void {
    this.#parts.people.press(person, message, label);
  }

  /** Presses the stop button of the draft that is shown to the person. */
  stopDraft(person: Person): void {
    const chat = this.#state.chats.privateChat(person);
    this.#state.inbox.draftStopped(chat, this.#state.presence.stopDraft(chat.id, undefined));
  }

  messages(room: Room): readonly ShownMessage[] {
    return messagesIn(this.#state.chats, room, this.bot.id);
  }

  botMessages(room: Room): readonly ShownMessage[] {
    return this.messages(room).filter(({ author }) => author === "bot");
  }

  /** The inline keyboard that a message has now. */
  keyboard(message: ShownMessage): Keyboard | undefined {
    const stored = findMessage(this.#state.chats.placeAsMade(message.room).chat, Number(message.id));
    return stored && shownVersion(stored).keyboard;
  }

  /** The rich message that a message is now, as the bot gave it. */
  richMessage(message: ShownMessage): InputRichMessage | undefined {
    const stored = findMessage(this.#state.chats.placeAsMade(message.room).chat, Number(message.id));
    return stored && shownVersion(stored).rich;
  }

  isTyping(room: Room): boolean {
    const { chat, topic } = this.#state.chats.place(room);
    return this.#state.presence.isTyping(chat.id, topic?.id);
  }

  /** The draft that is shown below the messages of a private chat. */
  draft(room: Room): Draft | undefined {
    const { chat, topic } = this.#state.chats.place(room);
    return this.#state.presence.draft(chat.id, topic?.id);
  }

  registeredCommands(): readonly string[] {
    return this.#state.commands.names();
  }

  get calls(): readonly TelegramCall[] {
    return this.#parts.log.calls;
  }

  /** Updates that the bot has not confirmed yet. */
  get pendingUpdates(): number {
    return this.#state.queue.size;
  }

  /** Whether a getUpdates call is being held. */
  get isPolled(): boolean {
    return this.#state.polling.isHeld;
  }

  /** Delivers the last update once more, under its old id, though the bot may have confirmed it. */
  repeatUpdate(): void {
    this.#state.queue.repeatLast();
  }

  /** Another instance of the bot polls once: the poll being held ends with 409. */
  pollElsewhere(): void {
    this.#state.polling.endByConflict(reasons.polledElsewhere);
  }

  /** The token is revoked at BotFather's: the poll being held and every further call end with 401. */
  revokeToken(): void {
    this.#parts.revokeToken();
  }

  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs?: number): Promise<T> {
    return this.#state.changes.until(what, condition, timeoutMs);
  }

  transcript(): string {
    return transcriptOf(this.#state.chats);
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  #shown(message: StoredMessage): ShownMessage {
    return shownMessage(message, this.bot.id);
  }
}
