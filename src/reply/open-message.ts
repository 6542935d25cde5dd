import type { Adapter, Buttons, MessageRef, OutgoingMedia, OutgoingMessage, Target } from "../adapter.ts";
import { PlatformError } from "../errors.ts";
import type { FormattedText } from "../markdown/formatted-text.ts";
import type { TurnMessage } from "../store/store.ts";
import type { MessageNumbers } from "./message-numbers.ts";

export interface OpenMessageOptions {
  readonly adapter: Adapter;
  readonly target: Target;
  /** Which segment of the answer it is (see {@link TurnMessage}); the first when absent. */
  readonly segment?: number;
  /** Numbers the messages of the whole answer. */
  readonly numbers: MessageNumbers;
  /** Distinguishes the answer's messages from all others, at most 16 characters. */
  readonly id: string;
  /** Called, and awaited, before a message is sent, and when it is there or sealed. */
  readonly record: (message: TurnMessage) => Promise<void>;
  /** The bot's messages in this chat that are accounted for. Without them nobody can tell a lost one, so none is looked for. */
  readonly known?: () => Promise<readonly MessageRef[]>;
}

export interface Content {
  readonly text: FormattedText;
  readonly buttons?: Buttons | undefined;
  /** Where the text ends in the whole segment, in UTF-16 code units. */
  readonly end: number;
}

/** What every new message is sent with. */
type SendOptions = Required<Pick<OutgoingMessage, "reply" | "nonce">>;

/**
 * The message of an answer that is being written. It is sent once, and edited then if it is text. That it is about to be
 * sent is recorded first: when no answer comes, or the process ends before one, it is looked for before it is sent again.
 */
export class OpenMessage {
  readonly #options: OpenMessageOptions;
  #part: number | undefined;
  #ref: MessageRef | undefined;
  /** The message that this one stands in for, as long as that is there. */
  #replaced: MessageRef | undefined;
  #end = 0;
  #posts: number;
  #edits: number;
  #isLost: boolean;

  /** `earlier` is what an earlier process recorded of it. */
  constructor(options: OpenMessageOptions, earlier?: TurnMessage) {
    this.#options = options;
    this.#part = earlier?.part;
    this.#ref = earlier?.ref;
    this.#replaced = earlier?.replaces;
    this.#end = earlier?.textEnd ?? 0;
    this.#posts = earlier?.ref ? 1 : 0;
    this.#edits = this.#posts;
    this.#isLost = earlier !== undefined && earlier.ref === undefined;
  }

  get isSent(): boolean {
    return this.#ref !== undefined;
  }

  /** Whether it was sent, or may have been. */
  get isBegun(): boolean {
    return this.#part !== undefined;
  }

  /** Whether it was edited, so that its end is older news to the chat than its text. */
  get wasEdited(): boolean {
    return this.#edits > 0;
  }

  get hasReplaced(): boolean {
    return this.#replaced !== undefined;
  }

  /** Sends the content, or puts it in the place of what the message shows. Rejects with a `PlatformError`. */
  async show(content: Content): Promise<void> {
    const { adapter, target } = this.#options;
    this.#end = content.end;
    const { text, buttons } = content;
    const message = { text, ...(buttons && { buttons }) };
    if (!this.#ref && !(await this.#findLost())) {
      return await this.#post((options) => adapter.post(target, { ...message, ...options }));
    }
    this.#edits += 1;
    if (this.#ref) await adapter.edit(this.#ref, message);
  }

  /** Sends files in its place, which stay as they are. False when they were there already. Rejects with a `PlatformError`. */
  async send(media: OutgoingMedia, end: number): Promise<boolean> {
    const { adapter, target } = this.#options;
    this.#end = end;
    if (await this.find()) return false;
    await this.#post((options) => adapter.postMedia(target, { ...media, ...options }));
    await this.seal(end);
    return true;
  }

  /** Looks for files whose sending got no answer; true when they are there. Rejects with a `PlatformError`. */
  async find(): Promise<boolean> {
    const isFound = await this.#findLost();
    if (isFound) await this.seal(this.#end);
    return isFound;
  }

  /** It is never sent. */
  async giveUp(end: number): Promise<void> {
    this.#end = end;
    await this.#record(true);
    this.#options.numbers.giveUp(this.#number);
  }

  /** It is deleted where it is there, and never sent again. Rejects with a `PlatformError`. */
  async withdraw(): Promise<void> {
    if (!this.#ref) await this.#findLost();
    if (this.#ref) await this.#options.adapter.delete(this.#ref);
    this.#ref = undefined;
    await this.giveUp(0);
  }

  /** It is full: it is never touched again. */
  async seal(end: number): Promise<void> {
    this.#end = end;
    if (this.#ref) await this.#record(true);
  }

  /** It stays as it is. One whose sending got no answer is looked for first, so that nobody takes it for another. */
  async leave(): Promise<void> {
    await this.#findLost().catch(() => false);
    await this.seal(0);
  }

  /** It is gone, deleted by a person: the content goes into a new one. */
  forget(): void {
    this.#ref = undefined;
  }

  /** A new message is to stand in for it. */
  makeWay(): void {
    this.#replaced = this.#ref;
    this.#ref = undefined;
  }

  /** The new message is there: the one that it stands in for goes. Without a new one, the old one stays what it was. */
  async removeReplaced(): Promise<void> {
    const old = this.#replaced;
    if (!old) return;
    if (this.#ref) await this.#options.adapter.delete(old);
    this.#ref ??= old;
    this.#replaced = undefined;
    await this.#record(false);
  }

  async #post(send: (options: SendOptions) => Promise<MessageRef>): Promise<void> {
    const { id, numbers } = this.#options;
    const part = this.#number;
    if (!this.#isLost) await this.#record(false);
    try {
      this.#ref = await send({ reply: numbers.isFirst(part), nonce: `${id}-${part}-${this.#posts}` });
    } catch (error) {
      this.#isLost = error instanceof PlatformError && error.code === "network";
      throw error;
    }
    this.#isLost = false;
    this.#posts += 1;
    await this.#record(false);
  }

  get #number(): number {
    this.#part ??= this.#options.numbers.take();
    return this.#part;
  }

  /** True when the message whose sending got no answer is there. */
  async #findLost(): Promise<boolean> {
    const { adapter, target, known } = this.#options;
    if (!this.#isLost || !adapter.findPosted || !known) return false;
    const others = [...(await known()), ...(this.#replaced ? [this.#replaced] : [])];
    this.#ref = await adapter.findPosted(target, others).catch(whenItCanNotBeTold);
    this.#isLost = false;
    if (!this.#ref) return false;
    this.#posts += 1;
    await this.#record(false);
    return true;
  }

  async #record(sealed: boolean): Promise<void> {
    await this.#options.record({
      part: this.#number,
      segment: this.#options.segment ?? 0,
      ...(this.#ref && { ref: this.#ref }),
      ...(this.#replaced && { replaces: this.#replaced }),
      textEnd: this.#end,
      sealed,
    });
  }
}

/** Where the platform lets nobody look, the message is sent once more: twice is better than never. */
function whenItCanNotBeTold(error: unknown): undefined {
  if (!(error instanceof PlatformError) || error.code === "network" || error.code === "rate-limited") throw error;
  return undefined;
}
