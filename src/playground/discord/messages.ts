import type { APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import type { Revision } from "../chat-platform.ts";
import type { Account, Channel } from "./community.ts";
import type { StoredFile } from "./files.ts";
import type { Mentions } from "./mentions.ts";
import { compareSnowflakes } from "./snowflakes.ts";

/** Bits of a message's `flags`. */
export const messageFlags = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, loading: 1 << 7, voice: 1 << 13 } as const;

/** Flags that a bot may give any new message: suppress embeds, suppress notifications, voice message. */
export const settableFlags = messageFlags.suppressEmbeds | (1 << 12) | messageFlags.voice;

/** The interaction that a message answers. */
export interface MessageOrigin {
  readonly interactionId: string;
  readonly kind: "command" | "component";
  readonly name: string;
  readonly person: Account;
  /** The first answer, on messages that followed it. */
  readonly original?: Message;
  /** The message whose component was pressed. */
  readonly pressed?: Message;
}

export interface MessageDraft {
  readonly channel: Channel;
  readonly author: Account;
  readonly content: string;
  readonly mentions: Mentions;
  /** 0 default, 19 reply, 20 answer to a slash command. */
  readonly type?: 0 | 19 | 20;
  readonly flags?: number;
  readonly nonce?: string | number;
  readonly reference?: Message;
  readonly origin?: MessageOrigin;
  /** The one person who sees it. */
  readonly onlyFor?: Account;
  readonly embeds?: readonly APIEmbed[];
  readonly components?: readonly APIMessageTopLevelComponent[];
  readonly attachments?: readonly StoredFile[];
}

/** What an edit changes; the rest stays. */
export interface MessageChange {
  readonly content?: string;
  readonly flags?: number;
  readonly mentions?: Mentions;
  readonly embeds?: readonly APIEmbed[];
  readonly components?: readonly APIMessageTopLevelComponent[];
  readonly attachments?: readonly StoredFile[];
}

export interface Message {
  readonly id: string;
  readonly channel: Channel;
  readonly author: Account;
  readonly createdAt: number;
  readonly type: 0 | 19 | 20;
  readonly nonce: string | number | undefined;
  readonly reference: Message | undefined;
  readonly origin: MessageOrigin | undefined;
  readonly onlyFor: Account | undefined;
  readonly revisions: Revision[];
  /** Everyone who was notified by any version. */
  readonly pinged: Set<Account>;
  /** Who reacted with what. */
  readonly reactions: Map<string, Set<Account>>;
  content: string;
  flags: number;
  mentions: Mentions;
  embeds: readonly APIEmbed[];
  components: readonly APIMessageTopLevelComponent[];
  attachments: readonly StoredFile[];
  editedAt: number | undefined;
  deleted: boolean;
}

export interface HistoryQuery {
  readonly before?: string;
  readonly after?: string;
  readonly around?: string;
  readonly limit: number;
}

export interface MessagesOptions {
  readonly nextId: () => string;
  readonly now: () => number;
  readonly onChange: (change: "created" | "updated", message: Message) => void;
  readonly onRemoved: (messages: readonly Message[]) => void;
}

/** "The past few minutes" in which a nonce is remembered. */
const nonceMemoryMs = 5 * 60_000;

/** Every message of every channel, with all its versions. */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #byChannel = new Map<string, Message[]>();
  readonly #byId = new Map<string, Message>();
  /** The newest of each author and nonce. */
  readonly #byNonce = new Map<string, Message>();

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  post(draft: MessageDraft): Message {
    const now = this.#options.now();
    const message: Message = {
      id: this.#options.nextId(),
      channel: draft.channel,
      author: draft.author,
      createdAt: now,
      type: draft.type ?? 0,
      nonce: draft.nonce,
      reference: draft.reference,
      origin: draft.origin,
      onlyFor: draft.onlyFor,
      revisions: [{ at: now, text: draft.content, entities: [] }],
      pinged: new Set(draft.mentions.pinged),
      reactions: new Map(),
      content: draft.content,
      flags: draft.flags ?? 0,
      mentions: draft.mentions,
      embeds: draft.embeds ?? [],
      components: draft.components ?? [],
      attachments: draft.attachments ?? [],
      editedAt: undefined,
      deleted: false,
    };
    this.#stored(message.channel).push(message);
    this.#byId.set(message.id, message);
    if (message.nonce !== undefined) this.#byNonce.set(nonceKey(message.author, message.nonce), message);
    message.channel.lastMessageId = message.id;
    this.#options.onChange("created", message);
    return message;
  }

  /** Filling a loading message in does not count as an edit that people see. */
  edit(message: Message, change: MessageChange): void {
    const now = this.#options.now();
    const wasLoading = (message.flags & messageFlags.loading) !== 0;
    if (change.content !== undefined && change.content !== message.content) {
      message.revisions.push({ at: now, text: change.content, entities: [] });
    }
    Object.assign(message, change);
    for (const account of change.mentions?.pinged ?? []) message.pinged.add(account);
    message.flags &= ~messageFlags.loading;
    if (!wasLoading) message.editedAt = now;
    this.#options.onChange("updated", message);
  }

  /** Several at once are of one channel. */
  remove(...messages: readonly Message[]): void {
    for (const message of messages) message.deleted = true;
    this.#options.onRemoved(messages);
  }

  /** The message of this id that is still there. */
  find(channel: Channel, id: string): Message | undefined {
    const message = this.#byId.get(id);
    return message?.channel === channel && !message.deleted ? message : undefined;
  }

  /** All that are still there, oldest first. */
  in(channel: Channel): readonly Message[] {
    return this.#stored(channel).filter((message) => !message.deleted);
  }

  /** The message that the author sent with this nonce in the past few minutes. */
  byNonce(author: Account, nonce: string | number): Message | undefined {
    const message = this.#byNonce.get(nonceKey(author, nonce));
    const isRemembered = message && this.#options.now() - message.createdAt <= nonceMemoryMs;
    return isRemembered && !message.deleted ? message : undefined;
  }

  /** What everyone in the channel can read, newest first. */
  history(channel: Channel, query: HistoryQuery): readonly Message[] {
    const shared = this.in(channel).filter((message) => !message.onlyFor);
    const { before, after, around, limit } = query;
    if (before !== undefined) {
      return newest(
        shared.filter((m) => compareSnowflakes(m.id, before) < 0),
        limit,
      );
    }
    if (after !== undefined) {
      const later = shared.filter((m) => compareSnowflakes(m.id, after) > 0);
      return later.slice(0, limit).reverse();
    }
    if (around !== undefined) {
      const older = shared.filter((m) => compareSnowflakes(m.id, around) < 0).slice(-Math.floor(limit / 2));
      const rest = shared.filter((m) => compareSnowflakes(m.id, around) >= 0).slice(0, limit - older.length);
      return [...older, ...rest].reverse();
    }
    return newest(shared, limit);
  }

  #stored(channel: Channel): Message[] {
    const known = this.#byChannel.get(channel.id);
    if (known) return known;
    const fresh: Message[] = [];
    this.#byChannel.set(channel.id, fresh);
    return fresh;
  }
}

/** The number 1 and the text "1" are two nonces. */
function nonceKey(author: Account, nonce: string | number): string {
  return `${author.id}:${typeof nonce}:${nonce}`;
}

function newest(messages: readonly Message[], limit: number): readonly Message[] {
  return messages.slice(-limit).reverse();
}
