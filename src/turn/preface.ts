import type { Answer } from "../reply/accumulate.ts";
import { type ReasoningStyle, shownReasoning } from "./reasoning.ts";

/** What an earlier process has put above an answer; `isSettled` when nothing may change there any more. */
export interface EarlierPreface {
  readonly notice?: string | undefined;
  readonly isSettled: boolean;
}

/** What stands above an answer, as markdown: words of the bridge, what was understood, what the model thought. */
export class Preface {
  readonly #style: ReasoningStyle;
  #notice: string;
  #isSettled: boolean;

  constructor(style: ReasoningStyle, { notice = "", isSettled }: EarlierPreface) {
    this.#style = style;
    this.#notice = notice;
    this.#isSettled = isSettled;
  }

  /** All of it, but for reasoning that is not settled. */
  get notice(): string {
    return this.#notice;
  }

  /** Puts words above those that are there; below them where nothing may change there any more. */
  put(markdown: string): void {
    this.#notice = this.#isSettled ? this.#notice + markdown : markdown + this.#notice;
  }

  /** Puts words below those that are there. */
  add(markdown: string): void {
    this.#notice += markdown;
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
    this.#notice += reasoning;
    this.#isSettled = true;
    return reasoning !== "";
  }
}
