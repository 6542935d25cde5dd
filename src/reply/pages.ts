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
  #limit: number;
  #source = "";
  #whole: FormattedText = emptyText;
  #stale = false;
  /** Where the open page begins in `#whole`. */
  #start = 0;
  #note = "";
  #isPlain = false;
  /** The open page, as long as nothing changes: measuring is what costs most. */
  #page: Page | undefined;

  constructor(capabilities: Capabilities, start = 0) {
    this.#capabilities = capabilities;
    this.#limit = capabilities.maxLength;
    this.#start = start;
  }

  /** Takes the whole markdown text as it is now. Cheap: nothing is rendered before {@link open} is called. */
  write(source: string): void {
    this.#source = source;
    this.#stale = true;
  }

  /** Words of the bridge's own below the answer, never read as markdown. */
  annotate(note: string): void {
    this.#note = note;
    this.#stale = true;
  }

  /** The page that is being written, as of now. */
  open(): Page {
    this.#render();
    this.#page ??= this.#layOut();
    return this.#page;
  }

  /** The open page was shown in full; the next one begins behind it. */
  seal(page: Page): void {
    this.#start = page.end;
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
    this.#limit = Math.floor(this.#limit * 0.9);
    this.#page = undefined;
  }

  #render(): void {
    if (!this.#stale) return;
    this.#stale = false;
    this.#page = undefined;
    this.#markdown.write(this.#source);
    const answer = trimEnd(this.#markdown.read());
    const gap = answer.text === "" ? "" : "\n\n";
    const whole = this.#note === "" ? answer : concat(answer, plainText(gap + this.#note));
    this.#start = this.#start === 0 ? 0 : followOffset(this.#whole.text, this.#start, whole.text);
    this.#whole = whole;
  }

  #layOut(): Page {
    const rest = this.#isPlain ? plainText(this.#whole.text.slice(this.#start)) : slice(this.#whole, this.#start);
    const cut = cutToFit(rest, this.#limit, this.#capabilities.measure);
    if (cut === undefined) return { text: trimEnd(rest), full: false, end: this.#whole.text.length };
    return { text: trimEnd(slice(rest, 0, cut.end)), full: true, end: this.#start + cut.next };
  }
}
