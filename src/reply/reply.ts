import type { Adapter, MessageRef, Target } from "../adapter.ts";
import { type Clock, pause } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import { emptyText, type FormattedText, sameText } from "../markdown/formatted-text.ts";
import type { TurnMessage } from "../store/store.ts";
import { Arrivals } from "./arrivals.ts";
import type { Budgets } from "./budget.ts";
import type { ChatBudget, Claim, Permit } from "./chat-budget.ts";
import { LiveDraft } from "./live-draft.ts";
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
  /** Called when the last message could not be replaced by a fresh one, though all text is shown. */
  readonly onLeftover?: (error: unknown) => void;
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
  readonly #arrivals = new Arrivals(longestHoldMs);
  readonly #claim: Claim;
  readonly #draft: LiveDraft;
  #length = 0;
  #part = 0;
  #ref: MessageRef | undefined;
  #shown: FormattedText | undefined;
  /** How often this part was posted, and how often it was edited. */
  #posts = 0;
  #edits = 0;
  #isVisible: boolean;
  /** True when the newest text was not looked at yet. */
  #hasNews = false;
  #startedAt: number | undefined;
  #unseenSince: number | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  /** When text that is held back for its meaning is shown all the same. */
  #holdUntil = Number.POSITIVE_INFINITY;
  /** Calls without an answer, and refusals of the open page, since the last call that went well. */
  #unanswered = 0;
  #refusals = 0;
  #isFinished = false;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: ReplyOptions) {
    const { adapter, sent, clock } = options;
    this.#options = options;
    const last = sent?.at(-1);
    const open = last && !last.sealed ? last : undefined;
    this.#pages = new Pages(adapter.capabilities, sent?.findLast((message) => message.sealed)?.textEnd ?? 0);
    this.#part = open?.part ?? (last ? last.part + 1 : 0);
    this.#ref = open?.ref;
    this.#posts = open ? 1 : 0;
    this.#edits = this.#posts;
    this.#isVisible = last !== undefined;
    this.#draft = new LiveDraft(options);
    this.#claim = {
      call: () => (this.#ref ? "edit" : "post"),
      // What got no answer is overdue: its distance to the call before is the backoff.
      urgency: () => (this.#isFinished || !this.#ref || this.#unanswered > 0 ? "edge" : "step"),
      startedAt: () => this.#startedAt ?? clock.now(),
      unseenSince: () => this.#unseenSince ?? clock.now(),
      writtenAt: () => this.#writtenAt,
    };
  }

  /** True once anything of this answer stands in the chat or is on its way there. */
  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** Takes the whole text as it is now. Never waits. */
  write(markdown: string): void {
    const now = this.#options.clock.now();
    this.#pages.write(markdown);
    this.#arrivals.note(this.#length, now);
    this.#length = markdown.length;
    this.#writtenAt = now;
    this.#go();
  }

  /** Sets the bridge's own words below the text, or takes them away. They stand alone while there is no text. */
  annotate(note: string): void {
    this.#pages.annotate(note);
    this.#go();
  }

  /** Resolves when everything written is shown; rejects with what made that impossible, or with the signal's reason. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    this.#pages.complete();
    this.#budget.serve();
    this.#draft.serve();
    this.#go();
    await this.#running;
    this.#options.signal.throwIfAborted();
  }

  get #budget(): ChatBudget {
    const { budgets, adapter, target } = this.#options;
    return budgets.of(adapter, target);
  }

  #go(): void {
    this.#hasNews = true;
    this.#unseenSince ??= this.#options.clock.now();
    this.#wake();
    if (this.#running) return;
    this.#running = this.#run();
    this.#running.catch(this.#options.onFailure);
  }

  async #run(): Promise<void> {
    while (!this.#options.signal.aborted) {
      if (this.#hasNews) await this.#advance();
      else if (this.#isFinished) return await this.#freshen();
      else await this.#change();
    }
  }

  /** Shows what is new, as soon as that is allowed. */
  async #advance(): Promise<void> {
    if (this.#draft.isOpen && !this.#isFinished) {
      await this.#draft.show(this.#draftClaim, () => (this.#isFinished ? emptyText : this.#look().text));
      const isEnough = this.#draft.isOpen && !this.#isFinished && !this.#pages.open(this.#heldBack()).full;
      if (isEnough) return;
    }
    // Mostly this look would be in vain: what is shown is rendered when the leave is there.
    const isAllShown = (this.#isFinished || this.#pages.isNearlyFull) && this.#isShown(this.#look());
    const permit = isAllShown ? undefined : await this.#budget.acquire(this.#claim, this.#options.signal);
    if (!permit && !isAllShown) return;
    const page = this.#look();
    if (permit && !this.#isShown(page)) await this.#show(page, permit);
    else permit?.giveBack();
    if (page.full && this.#isShown(page)) await this.#seal(page);
  }

  /** The newest page. Whatever is written from now on is news. */
  #look(): Page {
    const heldBack = this.#heldBack();
    this.#startedAt ??= this.#options.clock.now();
    this.#hasNews = false;
    this.#unseenSince = heldBack > 0 ? this.#unseenSince : undefined;
    return this.#pages.open(heldBack);
  }

  /** Characters at the end whose meaning the next few will tell; nobody waits long for that. */
  #heldBack(): number {
    const { clock } = this.#options;
    const now = clock.now();
    const tail = this.#pages.undecidedTail();
    const arrivedAt = tail > 0 ? this.#arrivals.at(this.#length - tail, now) : undefined;
    this.#holdUntil = arrivedAt === undefined ? Number.POSITIVE_INFINITY : arrivedAt + longestHoldMs;
    return arrivedAt === undefined ? 0 : tail;
  }

  /** True when there is nothing to call for this page, which may be because it is still empty. */
  #isShown({ text }: Page): boolean {
    return text.text.trim() === "" || (this.#shown !== undefined && sameText(text, this.#shown));
  }

  /** Resolves with the next news; a draft that grows old and text that was held long enough are news too. */
  #change(): Promise<void> {
    const { clock, signal } = this.#options;
    const until = Math.min(this.#holdUntil, this.#draft.refreshAt);
    return new Promise((resolve) => {
      const finish = () => {
        cancelTimer();
        signal.removeEventListener("abort", finish);
        this.#wake = () => undefined;
        this.#hasNews = true;
        resolve();
      };
      const cancelTimer = until < Number.POSITIVE_INFINITY ? clock.after(until - clock.now(), finish) : () => undefined;
      this.#wake = finish;
      signal.addEventListener("abort", finish, { once: true });
    });
  }

  async #show(page: Page, permit: Permit): Promise<void> {
    const isNew = this.#ref === undefined;
    try {
      if (isNew && this.#draft.isOpen) await this.#draft.level(page.text, this.#draftClaim);
      await this.#send(page.text);
    } catch (error) {
      permit.answered();
      this.#hasNews = true;
      await this.#recover(error);
      return;
    }
    permit.answered();
    this.#shown = page.text;
    this.#pages.show(page);
    this.#unanswered = 0;
    this.#refusals = 0;
    if (isNew) await this.#remember(page, false);
  }

  async #send(text: FormattedText): Promise<void> {
    const { adapter, target, id } = this.#options;
    if (this.#ref) {
      this.#edits += 1;
      return await adapter.edit(this.#ref, { text });
    }
    this.#isVisible = true;
    const nonce = `${id}-${this.#part}-${this.#posts}`;
    this.#ref = await adapter.post(target, { text, reply: this.#part === 0, nonce });
    this.#posts += 1;
    this.#draft.renew();
  }

  /** The page is shown in full: it is never touched again, and the next one goes into a message of its own. */
  async #seal(page: Page): Promise<void> {
    this.#pages.seal(page);
    this.#hasNews = true;
    if (!this.#ref) return;
    await this.#remember(page, true);
    this.#part += 1;
    this.#ref = undefined;
    this.#shown = undefined;
    this.#posts = 0;
    this.#edits = 0;
  }

  async #remember(page: Page, sealed: boolean): Promise<void> {
    if (!this.#ref) return;
    await this.#options.record({ part: this.#part, ref: this.#ref, textEnd: page.end, sealed });
  }

  /** Where people want answers that grew to end as unread: the last message makes way for a new one of the same text. */
  async #freshen(): Promise<void> {
    const { adapter, signal, onLeftover } = this.#options;
    const old = this.#ref;
    if (adapter.capabilities.finish !== "fresh" || !old || this.#edits === 0) return;
    try {
      this.#startOver();
      while (this.#hasNews && !signal.aborted) await this.#advance();
      if (this.#ref) await adapter.delete(old);
    } catch (error) {
      // All of the answer stands in the chat, in the old message or in both.
      this.#ref ??= old;
      onLeftover?.(error);
    }
  }

  /** Prepares for another try where one makes sense; throws where none does. */
  async #recover(error: unknown): Promise<void> {
    if (!(error instanceof PlatformError)) throw error;
    const { budgets, adapter, clock, signal } = this.#options;
    switch (error.code) {
      case "rate-limited": {
        const limited = error.scope === "bot" ? budgets.bot(adapter) : this.#budget;
        return limited.penalise(error.retryAfterMs ?? unknownPenaltyMs);
      }
      case "network":
        this.#unanswered += 1;
        return await pause(clock, backoffMs(this.#unanswered, this.#ref !== undefined), signal);
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

  /** The message is gone, deleted by a person, or makes way: the page goes into a new one. */
  #startOver(): void {
    this.#ref = undefined;
    this.#shown = undefined;
    this.#hasNews = true;
  }

  get #draftClaim(): Claim {
    const urgency = () => (this.#isFinished || !this.#draft.isShown ? "edge" : "step");
    return { ...this.#claim, call: () => "edit", urgency };
  }
}

/** How long text may be held back for what follows it. */
const longestHoldMs = 300;
const unknownPenaltyMs = 5000;
const mostRefusals = 5;

/** An edit can be repeated without harm; a new message that was lost on the way may be there all the same. */
function backoffMs(attempts: number, isHarmless: boolean): number {
  return Math.min((isHarmless ? 250 : 1000) * 2 ** (attempts - 1), 30_000);
}
