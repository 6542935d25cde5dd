import type { Adapter, Buttons, MessageRef, Target } from "../adapter.ts";
import { PlatformError } from "../errors.ts";
import type { FormattedText } from "../markdown/formatted-text.ts";
import type { TurnMessage } from "../store/store.ts";

export interface OpenMessageOptions {
  readonly adapter: Adapter;
  readonly target: Target;
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
  /** Where the text ends in the whole answer, in UTF-16 code units. */
  readonly end: number;
}

/**
 * The message of an answer that is being written. It is sent once and edited then. That it is about to be sent is
 * recorded first: when no answer comes, or the process ends before one, it is looked for before it is sent again.
 */
export class OpenMessage {
  readonly part: number;
  readonly #options: OpenMessageOptions;
  #ref: MessageRef | undefined;
  /** The message that this one stands in for, as long as that is there. */
  #replaced: MessageRef | undefined;
  #end = 0;
  #posts: number;
  #edits: number;
  #isLost: boolean;

  /** `earlier` is what an earlier process recorded of it. */
  constructor(options: OpenMessageOptions, part: number, earlier?: TurnMessage) {
    this.#options = options;
    this.part = part;
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

  /** Whether it was edited, so that its end is older news to the chat than its text. */
  get wasEdited(): boolean {
    return this.#edits > 0;
  }

  get hasReplaced(): boolean {
    return this.#replaced !== undefined;
  }

  /** Sends the content, or puts it in the place of what the message shows. Rejects with a `PlatformError`. */
  async show(content: Content): Promise<void> {
    const { adapter } = this.#options;
    this.#end = content.end;
    const { text, buttons } = content;
    if (!this.#ref && !(await this.#findLost())) return await this.#post(content);
    this.#edits += 1;
    if (this.#ref) await adapter.edit(this.#ref, { text, ...(buttons && { buttons }) });
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

  async #post({ text, buttons }: Content): Promise<void> {
    const { adapter, target, id } = this.#options;
    const nonce = `${id}-${this.part}-${this.#posts}`;
    if (!this.#isLost) await this.#record(false);
    try {
      const message = { text, reply: this.part === 0, nonce, ...(buttons && { buttons }) };
      this.#ref = await adapter.post(target, message);
    } catch (error) {
      this.#isLost = error instanceof PlatformError && error.code === "network";
      throw error;
    }
    this.#isLost = false;
    this.#posts += 1;
    await this.#record(false);
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
      part: this.part,
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
