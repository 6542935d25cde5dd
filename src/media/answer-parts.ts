import { lexBlocks } from "../markdown/grammar.ts";
import { isInvisible } from "../markdown/invisible.ts";
import type { MediaLink } from "./find-media.ts";

/** A part of an answer: text, or files that stand together. */
export type AnswerPart = TextPart | MediaPart;

export interface TextPart {
  readonly type: "text";
  /** Without the links to files that stand beside it; the words of a link stay, the alternative text of a picture goes. */
  readonly markdown: string;
  /** True when no text that is still to come changes this part or one before it. */
  readonly isSettled: boolean;
}

export interface MediaPart {
  readonly type: "media";
  /** At least one; all of them complete. */
  readonly links: readonly MediaLink[];
  readonly isSettled: boolean;
}

/** Collects text and files from the beginning of an answer to its end. Text that shows nothing parts no files. */
export class AnswerParts {
  readonly #parts: AnswerPart[] = [];

  /** `continuesParagraph`: its blanks in front are no indentation of code. */
  addText(markdown: string, continuesParagraph: boolean): void {
    const last = this.#parts.at(-1);
    if (last?.type === "text") {
      this.#parts.splice(-1, 1, { ...last, markdown: last.markdown + markdown });
    } else {
      const begun = last ? markdown.replace(continuesParagraph ? /^\s+/ : /^(?:[ \t]*\n)+/, "") : markdown;
      if (begun !== "") this.#parts.push({ type: "text", markdown: begun, isSettled: false });
    }
  }

  addMedia(links: readonly MediaLink[], isSettled: boolean): void {
    if (links.length === 0) return;
    const text = this.#parts.at(-1);
    if (text?.type === "text") {
      this.#parts.pop();
      if (isVisible(text)) this.#parts.push({ ...text, markdown: text.markdown.trimEnd(), isSettled });
    }
    const last = this.#parts.at(-1);
    if (last?.type === "media") this.#parts.pop();
    const before = last?.type === "media" ? last.links : [];
    this.#parts.push({ type: "media", links: [...before, ...links], isSettled });
  }

  finish(isGrowing: boolean): AnswerPart[] {
    const last = this.#parts.at(-1);
    const isBlank = last?.type === "text" && this.#parts.length > 1 && !isVisible(last);
    const parts = isBlank ? this.#parts.slice(0, -1) : this.#parts;
    if (!isGrowing) return parts.map((part) => ({ ...part, isSettled: true }));
    const open = parts.findIndex((part, i) => !(part.isSettled && (part.type === "text" || isParted(parts[i + 1]))));
    return parts.map((part, i) => ({ ...part, isSettled: open < 0 || i < open }));
  }
}

function isVisible({ markdown }: TextPart): boolean {
  return !lexBlocks(markdown).every(isInvisible);
}

/** Whether files that come later are parted from those before `next`: marks and half a tag may vanish with the next file. */
function isParted(next: AnswerPart | undefined): boolean {
  return next?.type === "text" && (next.isSettled || /\p{L}/u.test(next.markdown.replace(/<[^<>\n]*$/, "")));
}
