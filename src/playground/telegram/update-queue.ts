import type { Update } from "grammy/types";
import type { ScopedClock } from "./scoped-clock.ts";

/** Exactly one kind of update: `{ message }`, `{ callback_query }`, … */
export type UpdateContent = Omit<Update, "update_id">;

interface QueuedUpdate {
  readonly update: Update;
  readonly expiresAt: number;
}

/** Left out unless they are asked for by name; everything else is on by default. */
const OFF_BY_DEFAULT: readonly string[] = ["chat_member", "message_reaction", "message_reaction_count"];

const ON_BY_DEFAULT: readonly string[] = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "inline_query",
  "chosen_inline_result",
  "callback_query",
  "shipping_query",
  "pre_checkout_query",
  "poll",
  "poll_answer",
  "my_chat_member",
  "chat_join_request",
  "chat_boost",
  "removed_chat_boost",
  "stopped_message_generation",
  "business_connection",
  "business_message",
  "edited_business_message",
  "deleted_business_messages",
];

/** getUpdates caps its answer at about 4 MiB of JSON. */
const MAX_ANSWER_BYTES = 4 << 20;

/**
 * The updates that wait for the bot. It knows nothing of connections: an update stays until an offset above it is
 * asked for or it expires, whatever becomes of the bot meanwhile.
 */
export class UpdateQueue {
  readonly #clock: ScopedClock;
  readonly #listeners: (() => void)[] = [];
  #queued: QueuedUpdate[] = [];
  #repeated: Update[] = [];
  #last: Update | undefined;
  /** The first id is random and large, then they go up by one. */
  #nextId = 2_000_000 + Math.floor(Math.random() * 998_000_000);
  /** `undefined` is the default set. */
  #allowed: ReadonlySet<string> | undefined;

  constructor(clock: ScopedClock) {
    this.#clock = clock;
  }

  get size(): number {
    this.#dropExpired();
    return this.#queued.length;
  }

  /** The types that the bot asked for, when they are not the default. */
  get allowedUpdates(): readonly string[] | undefined {
    return this.#allowed && [...this.#allowed];
  }

  /** Calls back whenever there is something more to fetch, or less. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Types that the bot does not want are dropped here, when the update comes to be: queued ones are still delivered. */
  add(content: UpdateContent, lifeMs: number): void {
    const type = Object.keys(content)[0] ?? "";
    if (!(this.#allowed?.has(type) ?? !OFF_BY_DEFAULT.includes(type))) return;
    const update: Update = { update_id: this.#nextId, ...content };
    this.#nextId += 1;
    this.#last = update;
    this.#queued.push({ update, expiresAt: this.#clock.now() + lifeMs });
    this.#changed();
  }

  /** Delivers the last update once more with the same id, even when it was confirmed. */
  repeatLast(): void {
    if (this.#last === undefined) throw new Error("There was no update yet that could be repeated.");
    this.#repeated.push(this.#last);
    this.#changed();
  }

  /**
   * Remembers which types the bot wants. As on the real server anything but a list of texts is ignored, and a list
   * without any known type means the default.
   */
  allow(types: unknown): void {
    if (!Array.isArray(types) || !types.every((type) => typeof type === "string")) return;
    const names = types.map((type) => type.toLowerCase());
    const known = names.filter((name) => ON_BY_DEFAULT.includes(name) || OFF_BY_DEFAULT.includes(name));
    this.#allowed = known.length === 0 ? undefined : new Set(known);
  }

  /**
   * Applies the offset of a poll: above 0 everything below it is forgotten, below 0 only the last ones are kept. An
   * offset far in the future is taken as none, as TDLib's queue does.
   */
  confirm(offset: number): void {
    if (offset === 0 || offset > this.#nextId + 10) return;
    this.#queued =
      offset < 0 ? this.#queued.slice(offset) : this.#queued.filter(({ update }) => update.update_id >= offset);
    this.#changed();
  }

  /** What a poll gets: repeated updates, which are gone then, and the queue's head. */
  take(limit: number): readonly Update[] {
    this.#dropExpired();
    const updates = this.#repeated.splice(0, limit);
    let bytes = 0;
    for (const { update } of this.#queued) {
      bytes += JSON.stringify(update).length;
      if (updates.length >= limit || (bytes > MAX_ANSWER_BYTES && updates.length > 0)) break;
      updates.push(update);
    }
    return updates;
  }

  clear(): void {
    this.#queued = [];
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    this.#queued = this.#queued.filter(({ expiresAt }) => expiresAt > now);
  }
}
