import type { LinkPreviewOptions } from "grammy/types";
import { type FormattedText, fixedText, lengthOf, MAX_TEXT_LENGTH } from "../formatted-text.ts";
import type { Appearance } from "../messages.ts";
import { Fields, type Parameters } from "../parameters.ts";
import { badRequest } from "../refusal.ts";
import type { RichContent } from "../rich-message.ts";
import { readText } from "../text-parameter.ts";

/** What a call gives a message to show. */
export type Source = FormattedText | RichContent;

/** As Telegram keeps it. */
export function fixed(source: Source): Appearance {
  return "rich" in source ? { ...source, entities: [] } : fixedText(source);
}

/** A rich message has a limit of its own, which is checked as it is read. */
export function isTooLong({ text, rich }: Appearance): boolean {
  return rich === undefined && lengthOf(text) > MAX_TEXT_LENGTH;
}

export function readMessageText(parameters: Parameters): FormattedText {
  if (parameters.text("text") === "") throw badRequest("Message text is empty");
  return readText(parameters);
}

export function readLinkPreview(parameters: Parameters): LinkPreviewOptions | undefined {
  const options = parameters.json("link_preview_options", "link preview options");
  if (options === undefined) return undefined;
  return new Fields(options, "Can't parse link preview options").has("is_disabled")
    ? (options as LinkPreviewOptions)
    : undefined;
}
