import type { Buttons, MediaItem } from "../adapter.ts";
import type { TurnMessage } from "../store/store.ts";
import {
  type AnswerFile,
  type AnswerPlan,
  emptyPlan,
  isText,
  joinTexts,
  planGrowing,
  planWhole,
} from "./answer-plan.ts";
import { type DownloadOptions, Downloads } from "./downloads.ts";
import { InChat } from "./in-chat.ts";
import { insist } from "./insist.ts";
import { givenUpIn, MediaSegment } from "./media-segment.ts";
import { MessageNumbers } from "./message-numbers.ts";
import { Reply, type ReplyOptions } from "./reply.ts";

export interface IllustratedReplyOptions
  extends Omit<ReplyOptions, "segment" | "numbers">,
    Pick<DownloadOptions, "fetchMedia" | "slots"> {
  /** Called when a file could not be had, or was refused by the platform; its link stays in the text. */
  readonly onMediaFailure?: (error: unknown) => void;
}

/**
 * An answer of texts and files on its way into a chat: segments that are shown one after the other, texts at even numbers
 * and files at odd ones. Each text is a {@link Reply} of its own. Files are fetched as soon as their links are known, and
 * sent when the text before them is there. An answer without files is one `Reply` and nothing else.
 */
export class IllustratedReply {
  readonly #options: IllustratedReplyOptions;
  readonly #downloads: Downloads;
  readonly #numbers: MessageNumbers;
  readonly #inChat = new InChat();
  #earlier: readonly TurnMessage[];
  #plan: AnswerPlan = emptyPlan;
  #note = "";
  #buttons: Buttons = [];
  #appended: readonly MediaItem[] = [];
  /** The segment that is being shown. */
  #position: number;
  /** The text that is being shown; none while files are. */
  #text: Reply | undefined;
  #written = "";
  /** Whether the text that is being shown has the words and buttons, because nothing is known to follow it. */
  #isNewest = true;
  /** Of the files before the text that is being shown. */
  #givenUp: ReadonlySet<number>;
  #hasFileButtons = false;
  #isFinished = false;
  #failure: { readonly error: unknown } | undefined;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: IllustratedReplyOptions) {
    const { adapter, sent = [] } = options;
    this.#options = options;
    this.#downloads = new Downloads({ ...options, maxUploadBytes: adapter.capabilities.maxUploadBytes });
    this.#numbers = new MessageNumbers(sent);
    this.#earlier = sent;
    for (const message of sent) this.#inChat.note(message);
    this.#position = Math.max(0, ...sent.map(({ segment }) => segment));
    this.#givenUp = givenUpIn(this.#earlierIn(this.#position - 1));
    if (isText(this.#position)) this.#open();
  }

  /** True once anything of this answer stands in the chat or is on its way there. */
  get isVisible(): boolean {
    return this.#inChat.isVisible || this.#text?.isVisible === true;
  }

  /** Takes the whole text as it is now. Never waits. */
  write(markdown: string): void {
    this.#plan = planGrowing(markdown, this.#plan);
    this.#show();
  }

  /** Sets the bridge's own words below the answer, or takes them away. They stand alone while there is no text. */
  annotate(note: string): void {
    this.#note = note;
    if (this.#isNewest) this.#text?.annotate(note);
  }

  /** Sets the buttons below the last message, or takes them away. They appear with the next text, or at the end. */
  offer(buttons: Buttons): void {
    this.#buttons = buttons;
    if (this.#isNewest) this.#text?.offer(buttons);
  }

  /** Nothing more is written: what stands at the end is as whole as the rest. Files may still be appended. */
  complete(): void {
    const plan = planWhole(this.#plan.markdown, []);
    const isTextLast = plan.segments.at(-1)?.type === "text";
    this.#plan = { ...plan, settled: plan.settled - (isTextLast ? 1 : 0) };
    this.#show();
  }

  /** Files that come behind everything that is written, such as voice messages. To be called before {@link finish}. */
  append(items: readonly MediaItem[]): void {
    this.#appended = [...this.#appended, ...items];
  }

  /** Waits for no file any more: the links to those that have not come by now stay in the text. */
  leaveLinks(): void {
    this.#downloads.abandon();
  }

  /** What an earlier process has shown stays as it is; what is written from now on goes into a message of its own. */
  async leaveEarlierMessages(): Promise<void> {
    // A later process must neither go on in a later segment nor take what was shown for a beginning of what is written now.
    const left = this.#earlier.map((message) => ({ ...message, segment: 0, textEnd: 0 }));
    for (const message of left) await this.#record(message);
    if (this.#position > 0) {
      this.#earlier = left;
      this.#position = 0;
      this.#givenUp = new Set();
      this.#open();
    }
    await this.#text?.leaveEarlierMessages();
  }

  /** Resolves when everything is shown; rejects with what made that impossible, or with the signal's reason. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    this.#plan = planWhole(this.#plan.markdown, this.#appended);
    this.#show();
    await this.#running;
    this.#options.signal.throwIfAborted();
  }

  /** Takes over a new plan. */
  #show(): void {
    this.#fetch();
    this.#writeText();
    if (this.#isDue) this.#go();
  }

  /** Begins to fetch the files that are known to come. */
  #fetch(): void {
    const here = this.#position;
    const next = isText(here) ? here + 1 : here;
    // What an earlier process was sending may be there, which is to be seen before anything is fetched.
    if (this.#earlierIn(next).length > 0) return;
    for (const [n, segment] of this.#plan.segments.entries()) {
      if (segment.type === "text" || n < next) continue;
      for (const file of segment.files) {
        if (!("url" in file)) continue;
        if (n === next) void this.#downloads.file(n, file.url);
        else this.#downloads.prefetch(n, file.url);
      }
    }
  }

  #writeText(): void {
    const { segments, lastText } = this.#plan;
    const isKnown = this.#isFinished || this.#position < segments.length;
    if (!this.#text || !isKnown) return;
    const text = this.#textHere();
    const isNewest = this.#position >= lastText;
    if (isNewest !== this.#isNewest) {
      this.#isNewest = isNewest;
      this.#text.annotate(isNewest ? this.#note : "");
      this.#text.offer(isNewest ? this.#buttons : []);
    }
    const isNews = text !== this.#written || (isNewest && !this.#isFinished);
    this.#written = text;
    if (isNews) this.#text.write(text);
  }

  /** The text at the position, which begins with the links to files that could not be sent. */
  #textHere(): string {
    const here = this.#plan.segments[this.#position];
    const files = this.#filesIn(this.#position - 1);
    const links = [...this.#givenUp].sort((a, b) => a - b).map((index) => sourceOf(files[index]));
    return joinTexts([...links, here?.type === "text" ? here.markdown : ""]);
  }

  /** Opens the text at the position. */
  #open(): void {
    this.#text = new Reply({
      ...this.#options,
      numbers: this.#numbers,
      segment: this.#position,
      sent: this.#earlierIn(this.#position),
      record: (message) => this.#record(message),
      onFailure: (error) => this.#fail(error),
    });
    this.#written = "";
    this.#isNewest = true;
    if (this.#note !== "") this.#text.annotate(this.#note);
    if (this.#buttons.length > 0) this.#text.offer(this.#buttons);
  }

  /** Whether the segment at the position can be brought to its end. */
  get #isDue(): boolean {
    return this.#isFinished || this.#position < this.#plan.settled;
  }

  #go(): void {
    this.#wake();
    if (this.#running) return;
    this.#running = this.#run();
    this.#running.catch((error: unknown) => this.#fail(error));
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    try {
      while (!signal.aborted) {
        if (this.#failure) throw this.#failure.error;
        if (!this.#isDue) await this.#change();
        else if (!isText(this.#position)) await this.#sendFiles();
        else if (this.#isFinished && this.#position >= this.#plan.segments.length - 1) return await this.#end();
        else await this.#leaveText();
      }
    } finally {
      this.#downloads.close();
    }
  }

  /** Resolves with the next plan. */
  #change(): Promise<void> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      this.#wake = () => {
        signal.removeEventListener("abort", this.#wake);
        this.#wake = () => undefined;
        resolve();
      };
      signal.addEventListener("abort", this.#wake, { once: true });
    });
  }

  async #leaveText(): Promise<void> {
    const text = this.#text;
    this.#text = undefined;
    await text?.finish({ isLast: false });
    this.#position += 1;
  }

  async #sendFiles(): Promise<void> {
    const here = this.#position;
    const files = this.#filesIn(here);
    const media = new MediaSegment(
      { ...this.#options, numbers: this.#numbers, segment: here, record: (message) => this.#record(message) },
      this.#earlierIn(here),
    );
    const load = (indices: readonly number[]) => this.#load(indices.map((index) => files[index]));
    const buttons = this.#isEndHere && this.#buttons.length > 0 ? this.#buttons : undefined;
    // A sound of the agent's own is all of its voice. A later process no longer has it, and what Coze speaks may be in pieces.
    const isFinal = !files.some((file) => "url" in file);
    await media.send({ count: files.length, load, buttons, isFinal });
    this.#givenUp = media.givenUp;
    this.#hasFileButtons ||= media.hasButtons;
    this.#position += 1;
    const { segments, lastText } = this.#plan;
    const isBehindAll = this.#position > lastText && this.#position === segments.length;
    if (isBehindAll) return;
    this.#open();
    this.#show();
  }

  /** Whether the answer ends with the files at the position. */
  get #isEndHere(): boolean {
    const { segments, lastText } = this.#plan;
    const text = segments[lastText];
    const isWritten = (text?.type === "text" && text.markdown !== "") || this.#note !== "";
    return this.#isFinished && this.#position === lastText - 1 && !isWritten;
  }

  /** Brings files of the segment at the position, which are in the hands of the caller alone then. */
  async #load(files: readonly (AnswerFile | undefined)[]): Promise<readonly (MediaItem | undefined)[]> {
    const here = this.#position;
    const items = files.map((file) => (file && "url" in file ? this.#downloads.file(here, file.url) : file));
    const loaded = await Promise.all(items);
    this.#downloads.release(here);
    return loaded;
  }

  async #end(): Promise<void> {
    await this.#text?.finish();
    const isOffered = this.#hasFileButtons || this.#inChat.shows(this.#plan.lastText);
    if (this.#buttons.length > 0 && !isOffered) await this.#offerBelowFiles();
  }

  /** Where the platform shows none below the files that the answer ends with, buttons stand below its last text. */
  async #offerBelowFiles(): Promise<void> {
    const { adapter } = this.#options;
    for (const ref of this.#inChat.placesForButtons(this.#plan.lastText)) {
      try {
        return await insist(this.#options, "edit", () => adapter.showButtons(ref, this.#buttons));
      } catch {
        // All of the answer is there; what can be done with it matters less.
      }
    }
  }

  #filesIn(segment: number): readonly AnswerFile[] {
    const there = this.#plan.segments[segment];
    return there?.type === "files" ? there.files : [];
  }

  #earlierIn(segment: number): readonly TurnMessage[] {
    return this.#earlier.filter((message) => message.segment === segment);
  }

  async #record(message: TurnMessage): Promise<void> {
    this.#inChat.note(message);
    await this.#options.record(message);
  }

  #fail(error: unknown): void {
    this.#downloads.close();
    if (this.#failure || this.#options.signal.aborted) return;
    this.#failure = { error };
    this.#wake();
    this.#options.onFailure(error);
  }
}

/** What is no link leaves nothing behind. */
function sourceOf(file: AnswerFile | undefined): string {
  return file && "source" in file ? file.source : "";
}
