import type { Buttons } from "../adapter.ts";
import { type Clock, pause } from "../clock.ts";
import { PlatformError } from "../errors.ts";
import { emptyText, type FormattedText, sameText } from "../markdown/formatted-text.ts";
import type { TurnMessage } from "../store/store.ts";
import { Arrivals } from "./arrivals.ts";
import type { Budgets } from "./budget.ts";
import type { ChatBudget, Claim, Permit } from "./chat-budget.ts";
import { insist } from "./insist.ts";
import { LiveDraft } from "./live-draft.ts";
import { isGivenUp, MessageNumbers } from "./message-numbers.ts";
import { OpenMessage, type OpenMessageOptions } from "./open-message.ts";
import { type Page, Pages } from "./pages.ts";
import { backoffMs, penalise } from "./recovery.ts";

export interface ReplyOptions extends Omit<OpenMessageOptions, "numbers"> {
  /** Of the whole answer, when this is a segment of one. */
  readonly numbers?: MessageNumbers;
  readonly budgets: Budgets;
  readonly clock: Clock;
  /** Ends the loop where it stands, for example at shutdown. */
  readonly signal: AbortSignal;
  /** Called once when nothing more can be shown, before the end of the answer. */
  readonly onFailure: (error: unknown) => void;
  /** Called when text was shown, with how long it had been known by then, in milliseconds. */
  readonly onShown?: (ageMs: number) => void;
  /** Called when the last message could not be replaced by a fresh one, though all text is shown. */
  readonly onLeftover?: (error: unknown) => void;
  /** Messages of this text that an earlier process has sent, or was sending. */
  readonly sent?: readonly TurnMessage[];
}

/**
 * A text on its way into a chat. It holds the newest text, not a queue of changes: whoever writes never waits, one
 * call at a time is in flight, and each call carries what is newest at the moment it is made. Whatever was written last
 * is shown in the end, however long the platform makes it wait.
 */
export class Reply {
  readonly #options: ReplyOptions & OpenMessageOptions;
  #pages: Pages;
  readonly #arrivals = new Arrivals(longestHoldMs);
  readonly #claim: Claim;
  readonly #draft: LiveDraft;
  #length = 0;
  #message: OpenMessage;
  #buttons: Buttons | undefined;
  #shown: { readonly text: FormattedText; readonly buttons: Buttons | undefined } | undefined;
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
  #isLast = true;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: ReplyOptions) {
    const { adapter, sent, clock } = options;
    this.#options = { ...options, numbers: options.numbers ?? new MessageNumbers(sent) };
    const last = sent?.at(-1);
    const open = last && !last.sealed ? last : undefined;
    this.#pages = new Pages(adapter.capabilities, sent?.findLast((message) => message.sealed)?.textEnd ?? 0);
    this.#message = new OpenMessage(this.#options, open);
    this.#isVisible = sent?.some((message) => !isGivenUp(message)) ?? false;
    this.#draft = new LiveDraft(options);
    this.#claim = {
      call: () => (this.#message.isSent ? "edit" : "post"),
      // What got no answer is overdue: its distance to the call before is the backoff.
      urgency: () => (this.#isFinished || !this.#message.isSent || this.#unanswered > 0 ? "edge" : "step"),
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
    if (note === this.#pages.note) return;
    this.#pages.annotate(note);
    this.#go();
  }

  /** Sets the buttons below the last message, or takes them away. They appear with the next text, or at the end. */
  offer(buttons: Buttons): void {
    if (buttons === this.#buttons) return;
    this.#buttons = buttons.length > 0 ? buttons : undefined;
    if (this.#running) this.#go();
  }

  /** What an earlier process has shown stays as it is; what is written from now on goes into a message of its own. */
  async leaveEarlierMessages(): Promise<void> {
    const { adapter } = this.#options;
    await this.#message.leave();
    this.#message = new OpenMessage(this.#options);
    this.#pages = new Pages(adapter.capabilities);
  }

  /**
   * Resolves when everything written is shown; rejects with what made that impossible, or with the signal's reason. Where
   * more of the answer follows (not `isLast`) the end is sealed like any full message.
   */
  async finish({ isLast = true }: { readonly isLast?: boolean } = {}): Promise<void> {
    this.#isFinished = true;
    this.#isLast = isLast;
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
      else if (this.#isFinished) return await (this.#isLast ? this.#freshen() : this.#leave());
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
  #isShown(page: Page): boolean {
    if (page.text.text.trim() === "") return true;
    return this.#shown?.buttons === this.#buttonsOf(page) && sameText(page.text, this.#shown?.text ?? emptyText);
  }

  /** Buttons stand below the last message alone. */
  #buttonsOf(page: Page): Buttons | undefined {
    return page.full ? undefined : this.#buttons;
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
    const { clock, onShown } = this.#options;
    const [writtenAt, buttons, isNew] = [this.#writtenAt, this.#buttonsOf(page), !this.#message.isSent];
    try {
      if (isNew && this.#draft.isOpen) await this.#draft.level(page.text, this.#draftClaim);
      this.#isVisible = true;
      await this.#message.show({ ...page, buttons });
    } catch (error) {
      permit.answered();
      this.#hasNews = true;
      await this.#recover(error);
      return;
    }
    permit.answered();
    if (isNew) this.#draft.renew();
    if (Number.isFinite(writtenAt)) onShown?.(clock.now() - writtenAt);
    this.#shown = { text: page.text, buttons };
    this.#pages.show(page);
    this.#unanswered = 0;
    this.#refusals = 0;
  }

  /** The page is shown in full: it is never touched again, and the next one goes into a message of its own. */
  async #seal(page: Page): Promise<void> {
    this.#pages.seal(page);
    this.#hasNews = true;
    if (!this.#message.isSent) return;
    await this.#message.seal(page.end);
    this.#message = new OpenMessage(this.#options);
    this.#shown = undefined;
  }

  /** More of the answer follows. A message that was there for passing words alone goes; if it can't, it stays as it is. */
  async #leave(): Promise<void> {
    const { text, end } = this.#look();
    const isInVain = text.text.trim() === "" && this.#message.isBegun;
    if (!isInVain) return await this.#message.seal(end);
    try {
      await insist(this.#options, "edit", () => this.#message.withdraw());
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      await this.#message.seal(end);
    }
  }

  /** Where people want answers that grew to end as unread: the last message makes way for a new one of the same text. */
  async #freshen(): Promise<void> {
    const { adapter, signal, onLeftover } = this.#options;
    const isWanted = adapter.capabilities.finish === "fresh" && this.#message.isSent && this.#message.wasEdited;
    if (!isWanted && !this.#message.hasReplaced) return;
    try {
      if (!this.#message.hasReplaced) {
        this.#message.makeWay();
        this.#startOver();
      }
      while (this.#hasNews && !signal.aborted) await this.#advance();
      while (this.#message.hasReplaced && !signal.aborted) await this.#removeReplaced();
    } catch (error) {
      // All of the answer stands in the chat, in the old message or in both.
      onLeftover?.(error);
    }
  }

  /** The text must not stand there twice: what fails for the moment is tried again. */
  async #removeReplaced(): Promise<void> {
    const permit = await this.#budget.acquire({ ...this.#claim, call: () => "edit" }, this.#options.signal);
    try {
      if (permit) await this.#message.removeReplaced();
    } catch (error) {
      const isPassing = error instanceof PlatformError && (error.code === "network" || error.code === "rate-limited");
      if (!isPassing) throw error;
      await this.#recover(error);
    } finally {
      permit?.answered();
    }
  }

  /** Prepares for another try where one makes sense; throws where none does. */
  async #recover(error: unknown): Promise<void> {
    if (!(error instanceof PlatformError)) throw error;
    const { clock, signal } = this.#options;
    switch (error.code) {
      case "rate-limited":
        return penalise(this.#options, error);
      case "network":
        this.#unanswered += 1;
        return await pause(clock, backoffMs(this.#unanswered, this.#message.isSent), signal);
      case "not-found":
        if (!this.#message.isSent || this.#isHopeless()) throw error;
        this.#message.forget();
        return this.#startOver();
      case "too-long":
        if (this.#isHopeless()) throw error;
        return this.#pages.tighten();
      case "unknown":
        if (this.#buttons) {
          // The text matters more than what can be done with it.
          this.#buttons = undefined;
          return;
        }
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

  /** The page goes into a new message. */
  #startOver(): void {
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
const mostRefusals = 5;
