import type { Buttons, MediaItem, MessageRef } from "../adapter.ts";
import type { TurnMessage } from "../store/store.ts";
import { type AnswerFile, type AnswerPlan, emptyPlan, joinTexts, planGrowing, planWhole } from "./answer-plan.ts";
import { Downloads, type FetchMedia } from "./downloads.ts";
import { insist } from "./insist.ts";
import { givenUpIn, MediaSegment } from "./media-segment.ts";
import { isGivenUp, Parts } from "./parts.ts";
import { Reply, type ReplyOptions } from "./reply.ts";

export interface IllustratedReplyOptions extends Omit<ReplyOptions, "segment" | "parts"> {
  readonly fetchMedia: FetchMedia;
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
  readonly #parts: Parts;
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
  /** Whether words and buttons belong to the text that is being shown, because nothing is known to follow it. */
  #isNewest = true;
  /** Of the files before the text that is being shown. */
  #givenUp: ReadonlySet<number>;
  #hasFileButtons = false;
  #isFinished = false;
  #hasFailed = false;
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: IllustratedReplyOptions) {
    const { adapter, sent = [], fetchMedia, signal, onMediaFailure } = options;
    const { maxUploadBytes } = adapter.capabilities;
    this.#options = options;
    this.#downloads = new Downloads({ fetchMedia, maxUploadBytes, signal, onMediaFailure });
    this.#parts = new Parts(sent);
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
    const left = this.#earlier.map((message) => ({ ...message, segment: 0 }));
    for (const [n, message] of left.entries()) {
      // Only a first text that was left tells a later process nothing of segments.
      if (this.#earlier[n]?.segment !== 0) await this.#record(message);
    }
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
    this.#go();
    await this.#running;
    this.#options.signal.throwIfAborted();
  }

  /** Takes over a new plan. */
  #show(): void {
    for (const [n, segment] of this.#plan.segments.entries()) {
      const isNews = segment.type === "files" && n >= this.#position && this.#earlierIn(n).length === 0;
      if (isNews)
        this.#downloads.begin(
          n,
          segment.files.flatMap((file) => ("url" in file ? file.url : [])),
        );
    }
    this.#writeText();
    if (this.#isDue) this.#go();
  }

  #writeText(): void {
    const { segments } = this.#plan;
    const isKnown = this.#isFinished || this.#position < segments.length;
    if (!this.#text || !isKnown) return;
    const text = this.#textHere();
    const isNewest = this.#position >= segments.length - 1;
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
    const { segments } = this.#plan;
    const [before, here] = [segments[this.#position - 1], segments[this.#position]];
    const files = before?.type === "files" ? before.files : [];
    const links = [...this.#givenUp].sort((a, b) => a - b).map((index) => sourceOf(files[index]));
    return joinTexts([...links, here?.type === "text" ? here.markdown : ""]);
  }

  /** Opens the text at the position. */
  #open(): void {
    const { record: _record, onFailure: _onFailure, ...options } = this.#options;
    this.#text = new Reply({
      ...options,
      parts: this.#parts,
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
    const { segments } = this.#plan;
    const segment = segments[here];
    const files = segment?.type === "files" ? segment.files : [];
    const isEnd = this.#isFinished && here >= segments.length - 1 && this.#note === "";
    const { fetchMedia: _fetchMedia, ...options } = this.#options;
    const media = new MediaSegment(
      { ...options, parts: this.#parts, segment: here, record: (message) => this.#record(message) },
      this.#earlierIn(here),
    );
    const load = async (index: number) => this.#load(here, files[index]);
    const buttons = isEnd && this.#buttons.length > 0 ? this.#buttons : undefined;
    await media.send({ count: files.length, load, buttons });
    this.#downloads.release(here);
    this.#givenUp = media.givenUp;
    this.#hasFileButtons = media.hasButtons;
    this.#position += 1;
    this.#open();
    this.#writeText();
  }

  async #load(segment: number, file: AnswerFile | undefined): Promise<MediaItem | undefined> {
    if (file === undefined || !("url" in file)) return file;
    return await this.#downloads.file(segment, file.url);
  }

  async #end(): Promise<void> {
    const hasText = this.#position === 0 || this.#text?.isVisible || this.#note !== "" || this.#written.trim() !== "";
    if (hasText) await this.#text?.finish();
    else if (this.#buttons.length > 0 && !this.#hasFileButtons) await this.#offerBelowFiles();
  }

  /** Where the platform shows none below the files that the answer ends with, buttons stand below its last text. */
  async #offerBelowFiles(): Promise<void> {
    const { adapter } = this.#options;
    for (const ref of this.#inChat.placesForButtons) {
      try {
        return await insist(this.#options, "edit", () => adapter.showButtons(ref, this.#buttons));
      } catch {
        // All of the answer is there; what can be done with it matters less.
      }
    }
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
    if (this.#hasFailed || this.#options.signal.aborted) return;
    this.#hasFailed = true;
    this.#options.onFailure(error);
  }
}

/** What stands in the chat of an answer, by its records. */
class InChat {
  #isVisible = false;
  #files: MessageRef | undefined;
  #text: MessageRef | undefined;

  note(message: TurnMessage): void {
    if (!isGivenUp(message)) this.#isVisible = true;
    if (isText(message.segment)) this.#text = message.ref ?? this.#text;
    else this.#files = message.ref ?? this.#files;
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** Where buttons of an answer that ends with files may stand, the best place first. */
  get placesForButtons(): readonly MessageRef[] {
    return [this.#files, this.#text].filter((ref) => ref !== undefined);
  }
}

function isText(segment: number): boolean {
  return segment % 2 === 0;
}

/** What is no link leaves nothing behind. */
function sourceOf(file: AnswerFile | undefined): string {
  return file && "source" in file ? file.source : "";
}
