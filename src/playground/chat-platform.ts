import type { FaultPlan } from "./faults.ts";

/**
 * What every platform emulator offers to tests, bench and demo: the people's side of the chat and a full record of what
 * the bot did. The bot's side is the wire alone.
 */
export interface ChatPlatform {
  readonly name: "telegram" | "discord";
  /** The environment variables that point a bridge at this emulator. */
  readonly environment: Readonly<Record<string, string>>;

  addPerson(profile?: { readonly name?: string; readonly locale?: string }): Person;
  /** The private chat of a person with the bot. */
  privateRoom(person: Person): Room;
  /** A group or a server's channel, with the bot in it. */
  addGroup(title: string, members: readonly Person[]): Room;
  /** A thread or forum topic below a group. */
  addThread(group: Room, title: string): Room;

  /** A person writes. `mention` addresses the bot as people do on this platform; `replyTo` answers a message. */
  say(person: Person, room: Room, text: string, options?: SayOptions): ShownMessage;
  /**
   * A person sends files in one message, several as one album; a captionless file is a message of files alone. A voice
   * message stands alone.
   */
  sendFile(person: Person, room: Room, files: readonly SentFile[], options?: SayOptions): ShownMessage;
  /** A person gives a command in the platform's own way (slash command; text with a bot_command entity). */
  command(person: Person, room: Room, name: string, argument?: string): void;
  /** A person presses the button with this label below a bot's message. Throws when no such button is shown there. */
  press(person: Person, message: ShownMessage, label: string): void;
  /** A person changes what they said. The platform tells the bot as it tells of any edit. */
  editMessage(person: Person, message: ShownMessage, text: string): void;
  /** A person deletes a message: their own, or the bot's where the platform lets them. */
  deleteMessage(person: Person, message: ShownMessage): void;

  /** What is to be seen in a room, oldest first, deleted messages left out. */
  messages(room: Room): readonly ShownMessage[];
  /** The bot's messages of a room, oldest first, deleted ones left out. */
  botMessages(room: Room): readonly ShownMessage[];
  /** Whether the bot is shown as typing right now. */
  isTyping(room: Room): boolean;
  /** Names of the commands that the bot registered. */
  registeredCommands(): readonly string[];

  /** Every call the bot made, oldest first. */
  readonly calls: readonly ApiCall[];
  readonly faults: FaultPlan;

  /**
   * Resolves with the first truthy value of `condition`, asked now and after every change here (call, message, update,
   * connection). Rejects after `timeoutMs` (default 15,000) with a message that holds `what` and the transcript.
   */
  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs?: number): Promise<T>;
  /** Everything said in all rooms, for a failed test's message. */
  transcript(): string;
  /** Closes the server and all its connections. */
  close(): Promise<void>;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly locale?: string;
}

export interface Room {
  readonly id: string;
  readonly kind: "private" | "group" | "thread";
  readonly title: string;
}

export interface SayOptions {
  readonly mention?: boolean;
  readonly replyTo?: ShownMessage;
}

/** A file as it went over the platform. */
export interface ShownFile {
  readonly kind: "image" | "audio" | "video" | "file";
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** True for a voice message: something said, not a file that was sent. */
  readonly isVoice?: boolean;
}

/** A file that a person sends. */
export interface SentFile extends ShownFile {
  /** What the person wrote to it; Discord has one text for all files, which is that of the first with one. */
  readonly caption?: string;
  /** In bytes, when it shall claim more than there are. */
  readonly size?: number;
}

export interface ShownMessage {
  readonly id: string;
  readonly room: Room;
  readonly author: "bot" | Person;
  /** As the platform's API holds it: Telegram's text without entities, Discord's content with its markdown. */
  readonly text: string;
  readonly replyToId?: string;
  /** The files that it shows; [] without. On Telegram every file of an album is a message of its own. */
  readonly media: readonly ShownFile[];
  /** Only this person sees it (Discord's ephemeral answers). */
  readonly onlyFor?: Person;
  /** Labels of the rows of buttons shown below, top row first; [] without. */
  readonly buttons: readonly (readonly string[])[];
  /** First version first; the last one is what is shown. `at` is the emulator's clock in milliseconds. */
  readonly revisions: readonly Revision[];
}

export interface Revision {
  readonly at: number;
  readonly text: string;
  /** Telegram's entities of this version, as stored; empty on Discord. */
  readonly entities: readonly Readonly<Record<string, unknown>>[];
}

export interface ApiCall {
  readonly at: number;
  /** `sendMessage`; `POST /channels/:id/messages`. */
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** HTTP status answered; 0 when the connection was cut or left hanging. */
  readonly status: number;
  readonly response: unknown;
}
