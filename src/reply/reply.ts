import type { Adapter, MessageRef, Target } from "../adapter.ts";
import { type Clock, pause } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import { type FormattedText, sameText } from "../markdown/formatted-text.ts";
import type { TurnMessage } from "../store/store.ts";
import type { Budgets } from "./budget.ts";
import { type Page, Pages } from "./pages.ts";

export interface ReplyOptions {
  readonly adapter: Adapter;
  readonly target: Target;
  readonly budgets: Budgets;
  readonly clock: Clock;
  /** Distinguishes the answer's messages from all others, at most 16 characters. */
  readonly id: string;
  /** Ends the loop where it stands, for example at shutdown. */
  readonly signal: AbortSignal;
  /** Called, and awaited, whenever a message was created or sealed. */
  readonly record: (message: TurnMessage) => Promise<void>;
  /** Called once when nothing more can be shown, before the end of the answer. */
  readonly onFailure: (error: unknown) => void;
  /** Messages of this answer that an earlier process has sent. */
  readonly sent?: readonly TurnMessage[];
}

/**
 * An answer on its way into a chat. It holds the newest text, not a queue of changes: whoever writes never waits, one
 * call at a time is in flight, and each call carries what is newest at the moment it is made. Whatever was written last
 * is shown in the end, however long the platform makes it wait.
 */
export class Reply {
  readonly #options: ReplyOptions;
  readonly #pages: Pages;
  #part = 0;
  #ref: MessageRef | undefined;
  #shown: FormattedText | undefined;
  #posts = 0;
  #isVisible: boolean;
  /** Calls without an answer, and refusals of the open page, since the last call that went well. */
  #unanswered = 0;
  #refusals = 0;
  #finished = false;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: ReplyOptions) {
    this.#options = options;
    const last = options.sent?.at(-1);
    const open = last && !last.sealed ? last : undefined;
    const sealedEnd = options.sent?.findLast((message) => message.sealed)?.textEnd ?? 0;
    this.#pages = new Pages(options.adapter.capabilities, sealedEnd);
    this.#part = open?.part ?? (last ? last.part + 1 : 0);
    this.#ref = open?.ref;
    this.#posts = open ? 1 : 0;
    this.#isVisible = last !== undefined;
  }

  /** True once anything of this answer stands in the chat or is on its way there. */
  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** Takes the whole text as it is now. Never waits. */
  write(markdown: string): void {
    this.#pages.write(markdown);
    this.#go();
  }

  /** Sets the bridge's own words below the text, or takes them away. They stand alone while there is no text. */
  annotate(note: string): void {
    this.#pages.annotate(note);
    this.#go();
  }

  /** Resolves when everything written is shown; rejects with what made that impossible, or with the signal's reason. */
  async finish(): Promise<void> {
    this.#finished = true;
    this.#options.budgets.reconsider(this.#options.target);
    this.#go();
    await this.#running;
    this.#options.signal.throwIfAborted();
  }

  #go(): void {
    this.#wake();
    if (this.#running) return;
    this.#running = this.#run();
    this.#running.catch(this.#options.onFailure);
  }

  async #run(): Promise<void> {
    const { budgets, target, signal } = this.#options;
    const urgency = () => (this.#finished || !this.#ref ? "edge" : "step");
    while (!signal.aborted) {
      const page = this.#pages.open();
      if (!this.#isShown(page)) {
        if (await budgets.acquire(target, urgency, signal)) await this.#show(this.#pages.open());
      } else if (page.full) await this.#seal(page);
      else if (this.#finished) return;
      else await this.#change();
    }
  }

  /** True when there is nothing to call for this page, which may be because it is still empty. */
  #isShown({ text }: Page): boolean {
    return text.text.trim() === "" || (this.#shown !== undefined && sameText(text, this.#shown));
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        this.#options.signal.removeEventListener("abort", finish);
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = finish;
      this.#options.signal.addEventListener("abort", finish, { once: true });
    });
  }

  async #show(page: Page): Promise<void> {
    if (this.#isShown(page)) return;
    const isNew = this.#ref === undefined;
    try {
      await this.#send(page.text);
    } catch (error) {
      await this.#recover(error);
      return;
    }
    this.#shown = page.text;
    this.#unanswered = 0;
    this.#refusals = 0;
    if (isNew) await this.#remember(page, false);
  }

  async #send(text: FormattedText): Promise<void> {
    const { adapter, target, id } = this.#options;
    if (this.#ref) return await adapter.edit(this.#ref, { text });
    this.#isVisible = true;
    const nonce = `${id}-${this.#part}-${this.#posts}`;
    this.#ref = await adapter.post(target, { text, reply: this.#part === 0, nonce });
    this.#posts += 1;
  }

  /** The page is shown in full: it is never touched again, and the next one goes into a message of its own. */
  async #seal(page: Page): Promise<void> {
    this.#pages.seal(page);
    if (!this.#ref) return;
    await this.#remember(page, true);
    this.#part += 1;
    this.#ref = undefined;
    this.#shown = undefined;
    this.#posts = 0;
  }

  async #remember(page: Page, sealed: boolean): Promise<void> {
    if (!this.#ref) return;
    await this.#options.record({ part: this.#part, ref: this.#ref, textEnd: page.end, sealed });
  }

  /** Prepares for another try where one makes sense; throws where none does. */
  async #recover(error: unknown): Promise<void> {
    if (!(error instanceof PlatformError)) throw error;
    const { budgets, target, clock, signal } = this.#options;
    switch (error.code) {
      case "rate-limited": {
        const waitMs = error.retryAfterMs ?? unknownPenaltyMs;
        // The limit of the whole bot says nothing of this chat, which need not come back slower.
        if (error.scope === "bot") return await pause(clock, waitMs, signal);
        return budgets.penalise(target, waitMs);
      }
      case "network":
        this.#unanswered += 1;
        return await pause(clock, Math.min(1000 * 2 ** (this.#unanswered - 1), longestBackoffMs), signal);
      case "not-found":
        if (!this.#ref || this.#isHopeless()) throw error;
        return this.#startOver();
      case "too-long":
        if (this.#isHopeless()) throw error;
        return this.#pages.tighten();
      case "unknown":
        if (this.#pages.isPlain) throw error;
        return this.#pages.simplify();
      case "forbidden":
        throw error;
    }
  }

  #isHopeless(): boolean {
    this.#refusals += 1;
    return this.#refusals > mostRefusals;
  }

  /** The message is gone, deleted by a person: the page goes into a new one. */
  #startOver(): void {
    this.#ref = undefined;
    this.#shown = undefined;
  }
}

const unknownPenaltyMs = 5000;
const longestBackoffMs = 30_000;
const mostRefusals = 5;
