import type { InputRichMessageWithoutUpload } from "grammy/types";
import { PlatformError } from "../../src/errors.ts";
import type { FormattedText } from "../../src/markdown/formatted-text.ts";
import { lacksRichMessages } from "./errors.ts";
import { MAX_TEXT_LENGTH, measure, type RenderedText, render } from "./render.ts";
import { gainsByRich, MAX_RICH_LENGTH, measureRich, toBlocks } from "./rich.ts";

/**
 * The kind of a message. Telegram's apps redraw a message whose kind changes, so one that was sent `rich` stays so, and
 * one that was refused as rich stays `classic`. An `undecided` one is classic as long as it gains nothing by more.
 */
export type Family = "undecided" | "classic" | "rich";

/** The two calls that show the same text. */
export interface FamilyCalls<Result> {
  /** The method that sends the text first, for errors. */
  readonly method: string;
  readonly classic: (content: RenderedText) => Promise<Result>;
  readonly rich: (content: InputRichMessageWithoutUpload) => Promise<Result>;
}

export interface Shown<Result> {
  readonly result: Result;
  readonly family: Family;
}

/** Decides in which kind of message a text is sent, and forgoes rich messages for good where the server has none. */
export class Families {
  #hasRich: boolean;

  constructor(format: "entities" | "rich") {
    this.#hasRich = format === "rich";
  }

  /** In the unit of {@link measure}. Smaller from the moment on when a server without rich messages is found out. */
  get maxLength(): number {
    return this.#hasRich ? MAX_RICH_LENGTH : MAX_TEXT_LENGTH;
  }

  measure(text: FormattedText): number {
    return this.#hasRich ? measureRich(text) : measure(text);
  }

  /** Shows a text in the kind that suits it. A refused rich message is shown as a classic one if that can hold it. */
  async show<Result>(text: FormattedText, family: Family, calls: FamilyCalls<Result>): Promise<Shown<Result>> {
    if (!this.#isRich(text, family)) return { result: await calls.classic(render(text)), family };
    try {
      return { result: await calls.rich({ blocks: toBlocks(text) }), family: "rich" };
    } catch (error) {
      this.#checkRefusal(error, text, calls.method);
    }
    return { result: await calls.classic(render(text)), family: "classic" };
  }

  #isRich(text: FormattedText, family: Family): boolean {
    if (!this.#hasRich || family === "classic") return false;
    return family === "rich" || gainsByRich(text) || measure(text) > MAX_TEXT_LENGTH;
  }

  /** Returns when the text may be tried as a classic message: it was refused, not lost, and is short enough. */
  #checkRefusal(error: unknown, text: FormattedText, method: string): void {
    if (!(error instanceof PlatformError) || error.code !== "unknown") throw error;
    const isShort = measure(text) <= MAX_TEXT_LENGTH;
    if (lacksRichMessages(error)) {
      this.#hasRich = false;
      if (!isShort) {
        const reason = "the text needs a rich message, which the Bot API server does not have";
        throw new PlatformError("too-long", reason, { platform: "telegram", method, cause: error });
      }
    } else if (!isShort) throw error;
  }
}
