import type { ChatPlatform, Person, Revision, Room } from "./chat-platform.ts";
import { readDiscordText } from "./terminal/discord-text.ts";
import type { StyledText } from "./terminal/styled-text.ts";
import { readTelegramText } from "./terminal/telegram-text.ts";

export interface SeatOptions {
  readonly title: "Telegram" | "Discord";
  /** Longest message, in Unicode code points. */
  readonly maxLength: number;
  readonly locale: string;
}

/** A person in front of one platform, in a private chat with the bot. */
export class Seat {
  readonly chat: ChatPlatform;
  readonly title: SeatOptions["title"];
  readonly maxLength: number;
  readonly person: Person;
  readonly room: Room;

  constructor(chat: ChatPlatform, { title, maxLength, locale }: SeatOptions) {
    this.chat = chat;
    this.title = title;
    this.maxLength = maxLength;
    this.person = chat.addPerson({ name: "Ann", locale });
    this.room = chat.privateRoom(this.person);
  }

  /** As which Coze knows the person. */
  get sessionName(): string {
    return `${this.chat.name}:${this.person.id}`;
  }

  /** A version of a message as the platform's apps show it. */
  read(revision: Revision): StyledText {
    return this.chat.name === "telegram" ? readTelegramText(revision) : readDiscordText(revision.text);
  }
}
