import type { Capabilities } from "../adapter.ts";
import { MarkdownStream } from "../markdown/blocks.ts";
import { followOffset } from "../markdown/follow.ts";
import { concat, emptyText, type FormattedText, plainText, slice, trimEnd } from "../markdown/formatted-text.ts";
import { cutToFit } from "../markdown/split.ts";

/** The content of one message of an answer. */
export interface Page {
  readonly text: FormattedText;
  /** True when more text follows in a further message: this page can be sealed. */
  readonly full: boolean;
  /** Where the page ends in the whole shown text, in UTF-16 code units. */
  readonly end: number;
}

/** Lays a growing markdown text out on messages of limited length. A sealed page never changes again. */
export class Pages {
  readonly #capabilities: Capabilities;
  readonly #markdown = new MarkdownStream();
  #source = "";
  /** How much of the source `#whole` shows. */
  #rendered = 0;
  #whole: FormattedText = emptyText;
  #isComplete = false;
  /** What `#whole` was rendered from is older than what was written, or it holds another part of the end back. */
  #isStale = false;
  #heldBack = 0;
  /** Where the open page begins in `#whole`, and up to where it has been seen. */
  #start = 0;
  #seen = 0;
  #note = "";
  #isPlain = false;
  /** Which part of the platform's limit is used. */
  #tightness = 1;
  /** The open page, as long as nothing changes: measuring is what costs most. */
  #page: Page | undefined;

  constructor(capabilities: Capabilities, start = 0) {
    this.#capabilities = capabilities;
    this.#start = start;
    this.#seen = start;
  }

  /** Takes the whole markdown text as it is now. Cheap: nothing is rendered before {@link open} is called. */
  write(source: string): void {
    this.#source = source;
    this.#isStale = true;
  }

  /** Nothing more comes: what is open at the end stays open, and nothing is held back. */
  complete(): void {
    this.#isComplete = true;
    this.#isStale = true;
  }

  /** Words of the bridge's own below the answer, never read as markdown. */
  annotate(note: string): void {
    this.#note = note;
    this.#isStale = true;
  }

  get note(): string {
    return this.#note;
  }

  /** True when what was written since the last look may not fit on the open page. */
  get isNearlyFull(): boolean {
    const isSeen = this.#whole.text.length - this.#start;
    return isSeen + this.#source.length - this.#rendered > this.#capabilities.maxLength * nearlyFull;
  }

  /** How many characters at the end of the source have no clear meaning yet. */
  undecidedTail(): number {
    if (this.#isComplete) return 0;
    this.#markdown.write(this.#source);
    return this.#markdown.undecidedTail();
  }

  /** The page that is being written, as of now, without the last `heldBack` characters of the source. */
  open(heldBack = 0): Page {
    this.#render(heldBack);
    this.#page ??= this.#layOut();
    return this.#page;
  }

  /** The page has been seen as it is: no later cut should take text away from it. */
  show(page: Page): void {
    this.#seen = page.end;
  }

  /** The open page was shown in full; the next one begins behind it. */
  seal(page: Page): void {
    this.#start = page.end;
    this.#seen = page.end;
    this.#isPlain = false;
    this.#page = undefined;
  }

  /** True when the open page goes without its formatting. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** The platform refused the open page: goes without its formatting. */
  simplify(): void {
    this.#isPlain = true;
    this.#page = undefined;
  }

  /** The platform refused a page as too long although it measured within the limit: keeps a greater distance to it. */
  tighten(): void {
    this.#tightness *= 0.9;
    this.#page = undefined;
  }

  #render(heldBack: number): void {
    if (!this.#isStale && heldBack === this.#heldBack) return;
    this.#isStale = false;
    this.#heldBack = heldBack;
    this.#page = undefined;
    this.#rendered = this.#source.length - heldBack;
    this.#markdown.write(this.#source);
    const answer = trimEnd(this.#isComplete ? this.#markdown.read() : this.#markdown.readGrowing(heldBack));
    const gap = answer.text === "" ? "" : "\n\n";
    const whole = this.#note === "" ? answer : concat(answer, plainText(gap + this.#note));
    this.#start = this.#start === 0 ? 0 : followOffset(this.#whole.text, this.#start, whole.text);
    this.#seen = Math.min(Math.max(this.#seen, this.#start), whole.text.length);
    this.#whole = whole;
  }

  #layOut(): Page {
    const { maxLength, measure } = this.#capabilities;
    const rest = this.#isPlain ? plainText(this.#whole.text.slice(this.#start)) : slice(this.#whole, this.#start);
    const cut = cutToFit(rest, Math.floor(maxLength * this.#tightness), measure, this.#seen - this.#start);
    if (cut === undefined) return { text: trimEnd(rest), full: false, end: this.#whole.text.length };
    return { text: trimEnd(slice(rest, 0, cut.end)), full: true, end: this.#start + cut.next };
  }
}

/** Markup makes a text longer on some platforms. */
const nearlyFull = 0.75;
