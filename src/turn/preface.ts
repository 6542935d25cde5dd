import type { Answer } from "../reply/accumulate.ts";
import { type ReasoningStyle, shownReasoning } from "./reasoning.ts";

/** What an earlier process has put above an answer; `isSettled` when nothing may change there any more. */
export interface EarlierPreface {
  readonly words?: string | undefined;
  readonly isSettled: boolean;
}

/** What stands above an answer, as markdown: words of the bridge, what was understood, what the model thought. */
export class Preface {
  readonly #style: ReasoningStyle;
  #words: string;
  #isSettled: boolean;

  constructor(style: ReasoningStyle, { words = "", isSettled }: EarlierPreface) {
    this.#style = style;
    this.#words = words;
    this.#isSettled = isSettled;
  }

  /** All of it, but for reasoning that is not settled. */
  get words(): string {
    return this.#words;
  }

  /** Puts words above those that are there; below them where nothing may change there any more. */
  put(markdown: string): void {
    this.#words = this.#isSettled ? this.#words + markdown : markdown + this.#words;
  }

  /** Puts words below those that are there. */
  add(markdown: string): void {
    this.#words += markdown;
  }

  /** What stands between the words and the answer. */
  reasoning({ reasoning }: Answer): string {
    return this.#isSettled ? "" : shownReasoning(reasoning, this.#style);
  }

  /**
   * Makes the reasoning a part of the words, which stay as they are from now on, whatever is thought later or Coze no
   * longer tells of it. False when they were not changed by that.
   */
  settle(answer: Answer): boolean {
    const reasoning = this.reasoning(answer);
    this.#words += reasoning;
    this.#isSettled = true;
    return reasoning !== "";
  }
}
