import type { Person, Room, SayOptions, SentFile, ShownMessage } from "../chat-platform.ts";
import { newAlbum, sharesAlbum } from "./albums.ts";
import { type Attachment, attach, typeOf } from "./attachments.ts";
import type { BotAccount } from "./bot-account.ts";
import type { BotInbox } from "./bot-inbox.ts";
import type { Chats, Place } from "./chats.ts";
import type { Files } from "./files.ts";
import { fixedText, MAX_TEXT_LENGTH } from "./formatted-text.ts";
import { callbackData } from "./inline-keyboard.ts";
import { findAnyMessage, type Messages, type StoredMessage } from "./messages.ts";

interface Parts {
  readonly bot: BotAccount;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly inbox: BotInbox;
  readonly files: Files;
}

/** What a person wants to say: texts of one message each, the first of which may be an answer and carry a file. */
interface Utterance {
  readonly text: string;
  readonly replyTo?: StoredMessage | undefined;
  readonly file?: Attachment;
  readonly album?: string | undefined;
}

/** What people do with messages. Where the apps would not let them, this throws. */
export class People {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Text over the limit is sent as several messages, as the apps do it; the last one is returned. */
  say(person: Person, room: Room, text: string, options: SayOptions = {}): StoredMessage {
    const place = this.#enter(person, room);
    return this.#send(person, place, { text: this.#addressed(text, place, options), replyTo: this.#replyTo(options) });
  }

  command(person: Person, room: Room, name: string, argument = ""): StoredMessage {
    const place = this.#enter(person, room);
    const address = place.chat.type === "private" ? "" : `@${this.#parts.bot.username}`;
    return this.#send(person, place, { text: `/${name}${address} ${argument}` });
  }

  /** The mention stands in the first caption. The message with the first file is returned. */
  sendFile(person: Person, room: Room, sent: readonly SentFile[], options: SayOptions = {}): StoredMessage {
    const place = this.#enter(person, room);
    const replyTo = this.#replyTo(options);
    const types = sent.map(typeOf);
    if (types.length > 1 && !sharesAlbum(types)) throw new Error(`No album can hold ${types.join(" and ")}.`);
    const album = types.length > 1 ? newAlbum() : undefined;
    const [first] = sent.map((item, index) => {
      const { caption = "" } = item;
      const text = index === 0 ? this.#addressed(caption, place, options) : caption;
      return this.#send(person, place, { text, replyTo, file: attach(typeOf(item), item, this.#parts.files), album });
    });
    if (first === undefined) throw new Error("There is no file to send.");
    return first;
  }

  edit(person: Person, message: ShownMessage, text: string): StoredMessage {
    const stored = this.#stored(message);
    if (stored.from.id !== Number(person.id)) throw new Error(`${person.name} can't edit a message of someone else.`);
    this.#parts.messages.change(stored, fixedText({ text, entities: [] }));
    this.#parts.inbox.messageEdited(stored);
    return stored;
  }

  /** The bot is not told. */
  delete(person: Person, message: ShownMessage): void {
    this.#enter(person, message.room);
    this.#parts.messages.remove(this.#stored(message));
  }

  /** Presses a button that the message has, or had in the picture of it: an app may show an older keyboard. */
  press(person: Person, message: ShownMessage, label: string): void {
    const stored = this.#stored(message);
    const isPictured = message.buttons.some((row) => row.includes(label));
    const keyboards = stored.versions.map(({ keyboard }) => keyboard).slice(isPictured ? 0 : -1);
    const data = keyboards.map((keyboard) => callbackData(keyboard, label)).findLast((found) => found !== undefined);
    if (data === undefined) throw new Error(`Message ${message.id} has no button "${label}".`);
    this.#enter(person, message.room);
    this.#parts.inbox.buttonPressed(this.#parts.chats.user(person), stored, data);
  }

  #enter(person: Person, room: Room): Place {
    const place = this.#parts.chats.place(room);
    const { chat } = place;
    const isMember =
      chat.type === "private" ? chat.room.id === person.id : chat.members.some((member) => member.id === person.id);
    if (!isMember) throw new Error(`${person.name} is not in ${room.title}.`);
    if (chat.type === "private") {
      if (chat.isBlocked) throw new Error(`${person.name} blocked the bot and must unblock it to write.`);
      chat.isStarted = true;
    }
    return place;
  }

  #send(person: Person, place: Place, { text, replyTo, file, album }: Utterance): StoredMessage {
    const { chats, messages, inbox } = this.#parts;
    const from = chats.user(person);
    const [first = "", ...further] = pieces(text);
    const fixed = fixedText({ text: first, entities: [] }, file !== undefined);
    let sent = messages.add({ ...place, from, replyTo, ...fixed, ...(file !== undefined && { file, album }) });
    inbox.messageSent(sent);
    for (const piece of further) {
      sent = messages.add({ ...place, from, ...fixedText({ text: piece, entities: [] }) });
      inbox.messageSent(sent);
    }
    return sent;
  }

  #addressed(text: string, place: Place, options: SayOptions): string {
    const needsMention = options.mention === true && place.chat.type !== "private";
    return needsMention ? `@${this.#parts.bot.username} ${text}` : text;
  }

  #replyTo(options: SayOptions): StoredMessage | undefined {
    return options.replyTo && this.#stored(options.replyTo);
  }

  #stored(message: ShownMessage): StoredMessage {
    const stored = findAnyMessage(this.#parts.chats.placeAsMade(message.room).chat, Number(message.id));
    if (stored === undefined) throw new Error(`There is no message ${message.id} in ${message.room.title}.`);
    return stored;
  }
}

function pieces(text: string): string[] {
  const characters = [...text];
  const count = Math.max(1, Math.ceil(characters.length / MAX_TEXT_LENGTH));
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * MAX_TEXT_LENGTH, (index + 1) * MAX_TEXT_LENGTH).join(""),
  );
}
