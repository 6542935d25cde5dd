import type { Clock } from "../../clock.ts";
import type { ChatPlatform, Person, Room, SayOptions, SentFile, ShownMessage } from "../chat-platform.ts";
import type { Permission } from "./community.ts";
import type { Choice } from "./completions.ts";
import type { GatewayControl } from "./gateway.ts";
import type { FailedInteraction } from "./interactions.ts";
import type { RateLimitProfile } from "./rate-limits.ts";

export interface DiscordEmulatorOptions {
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Default: any free port. */
  readonly port?: number;
  /** Default: a token in Discord's form. */
  readonly token?: string;
  /** Default `A`. */
  readonly limits?: RateLimitProfile | "off";
  /** How long every REST call takes before it has an effect. Default 0. */
  readonly latencyMs?: number;
  /** Whether the developer portal grants the privileged message-content intent. Default false. */
  readonly messageContentIntent?: boolean;
  /** Default 41,250, as Discord asks for. */
  readonly heartbeatIntervalMs?: number;
}

/** Discord, for a test: the people's side by methods, the bot's side by REST and gateway. */
export interface DiscordEmulator extends ChatPlatform {
  readonly name: "discord";
  /** The bot's user id, which is also its application's. */
  readonly botId: string;
  readonly gateway: GatewayControl;
  /** Commands and presses that the bot did not answer in time, as the person saw it. */
  readonly failedInteractions: readonly FailedInteraction[];
  /** Answers of the last ten minutes that count towards Cloudflare's ban (401, 403, 429). */
  readonly invalidRequests: number;

  /** `bot` makes the account of another bot, which can speak like a person. */
  addPerson(profile?: { readonly name?: string; readonly locale?: string; readonly bot?: boolean }): Person;
  say(person: Person, room: Room, text: string, options?: DiscordSayOptions): DiscordMessage;
  sendFile(person: Person, room: Room, files: readonly SentFile[], options?: DiscordSayOptions): DiscordMessage;
  /**
   * A person types a slash command with an argument and does not send it yet. Resolves with what the bot offers; rejects
   * when that does not come in time.
   */
  typeCommand(person: Person, room: Room, name: string, typed: string): Promise<readonly Choice[]>;
  messages(room: Room): readonly DiscordMessage[];
  botMessages(room: Room): readonly DiscordMessage[];

  react(person: Person, message: ShownMessage, emoji: string): void;
  /** People delete what they wrote; in servers, as moderators, everything. */
  deleteMessage(person: Person, message: ShownMessage): void;
  /** A moderator deletes messages of one channel of a server, all at once. */
  deleteMessages(messages: readonly ShownMessage[]): void;

  /** Whether a person takes private messages from the bot (else 50007). */
  setBlocked(person: Person, blocked: boolean): void;
  /** Gives or takes a permission of the bot in a channel (else 50001 or 50013); threads follow their channel. */
  setPermission(room: Room, permission: Permission, allowed: boolean): void;
  /** A message opens an archived thread again, but not a locked one. */
  archiveThread(room: Room, options: { readonly locked: boolean }): void;
  /** Deletes a channel of a server with its threads, or one thread. What was said there can still be looked at. */
  deleteRoom(room: Room): void;
  /** Removes the bot from the server of this room. */
  kickBot(room: Room): void;
}

export interface DiscordSayOptions extends SayOptions {
  /** Whether a reply notifies the author it replies to. Default true, as in Discord's client. */
  readonly pingReplied?: boolean;
}

export interface DiscordMessage extends ShownMessage {
  /** Who was notified by a mention in any version of it. */
  readonly pings: readonly Person[];
  /** Deferred: the person sees the bot thinking. Its text is empty until it is filled in. */
  readonly loading: boolean;
}
