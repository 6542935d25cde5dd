import type { Person, Room } from "../chat-platform.ts";

/** A user of Discord: a person, another bot, or the bot itself. */
export interface Account extends Person {
  readonly bot: boolean;
}

/** What can be taken from the bot in a channel; threads follow the channel they are in. */
export type Permission =
  | "VIEW_CHANNEL"
  | "SEND_MESSAGES"
  | "SEND_MESSAGES_IN_THREADS"
  | "ATTACH_FILES"
  | "SEND_VOICE_MESSAGES";

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly members: readonly Account[];
  readonly channels: Channel[];
  botIsMember: boolean;
}

export interface Channel extends Room {
  /** The same as the people's side gets it. */
  readonly room: Room;
  readonly createdAt: number;
  readonly guild?: Guild;
  readonly parent?: Channel;
  /** The person of a private channel. */
  readonly recipient?: Account;
  readonly denied: Set<Permission>;
  /** Of a thread. `locked` is archived, and only a moderator may open it again. */
  threadState: "active" | "archived" | "locked";
  /** True for a channel that was deleted, and for the threads in it. People still remember what was said there. */
  isDeleted: boolean;
  lastMessageId?: string;
}

export interface CommunityOptions {
  readonly nextId: () => string;
  readonly now: () => number;
}

/** Who is there and where they meet: accounts, guilds, channels, threads, private channels. */
export class Community {
  readonly bot: Account;
  readonly accounts = new Map<string, Account>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  /** People who take no private messages from the bot. */
  readonly blocked = new Set<Account>();
  readonly #options: CommunityOptions;

  constructor(options: CommunityOptions) {
    this.#options = options;
    this.bot = this.addAccount({ name: "Bridge", bot: true });
  }

  addAccount(profile: { readonly name?: string; readonly locale?: string; readonly bot?: boolean }): Account {
    const account: Account = {
      id: this.#options.nextId(),
      name: profile.name ?? `Person ${this.accounts.size}`,
      bot: profile.bot ?? false,
      ...(profile.locale === undefined ? {} : { locale: profile.locale }),
    };
    this.accounts.set(account.id, account);
    return account;
  }

  privateChannel(recipient: Account): Channel {
    for (const channel of this.channels.values()) if (channel.recipient === recipient) return channel;
    return this.#addChannel({ kind: "private", title: recipient.name, recipient });
  }

  /** A guild with one text channel of the same name. */
  addGuild(title: string, members: readonly Account[]): Channel {
    const guild: Guild = {
      id: this.#options.nextId(),
      name: title,
      createdAt: this.#options.now(),
      members: [this.bot, ...members],
      channels: [],
      botIsMember: true,
    };
    this.guilds.set(guild.id, guild);
    return this.#addChannel({ kind: "group", title, guild });
  }

  addThread(parent: Channel, title: string): Channel {
    if (!parent.guild || parent.parent) throw new Error(`"${parent.title}" can't have threads.`);
    return this.#addChannel({ kind: "thread", title, guild: parent.guild, parent });
  }

  /** The account of a person that this emulator made. */
  account(person: Person): Account {
    const account = this.accounts.get(person.id);
    if (!account) throw new Error(`${person.name} is not a person of this emulator.`);
    return account;
  }

  /** The channel of a room that this emulator made. */
  channel(room: Room): Channel {
    const channel = this.channels.get(room.id);
    if (!channel) throw new Error(`"${room.title}" is not a room of this emulator.`);
    return channel;
  }

  membersOf(channel: Channel): readonly Account[] {
    return channel.guild?.members ?? (channel.recipient ? [this.bot, channel.recipient] : [this.bot]);
  }

  botSees(channel: Channel): boolean {
    return !channel.isDeleted && (channel.guild?.botIsMember ?? true) && !isDenied(channel, "VIEW_CHANNEL");
  }

  /** Deletes a channel of a server with its threads, or one thread. */
  delete(channel: Channel): void {
    for (const each of channel.guild?.channels ?? []) {
      if (each === channel || each.parent === channel) each.isDeleted = true;
    }
  }

  #addChannel(place: Pick<Channel, "kind" | "title" | "guild" | "parent" | "recipient">): Channel {
    const room: Room = { id: this.#options.nextId(), kind: place.kind, title: place.title };
    const channel: Channel = {
      ...place,
      id: room.id,
      room,
      createdAt: this.#options.now(),
      denied: new Set(),
      threadState: "active",
      isDeleted: false,
    };
    this.channels.set(channel.id, channel);
    channel.guild?.channels.push(channel);
    return channel;
  }
}

export function isDenied(channel: Channel, permission: Permission): boolean {
  return (channel.parent ?? channel).denied.has(permission);
}
