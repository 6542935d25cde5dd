import type { InputRichMessage } from "grammy/types";
import { lengthOf } from "./formatted-text.ts";
import { Fields, type Parameters } from "./parameters.ts";
import { badRequest } from "./refusal.ts";

/** A rich message as the bot gave it, and the text that people read in it. */
export interface RichContent {
  readonly rich: InputRichMessage;
  readonly text: string;
}

/** Bot API 10.3, "Rich Message Limits". */
const LIMITS = { length: 32_768, blocks: 500, depth: 16, columns: 20 } as const;

const SUBJECT = "Can't parse InputRichMessage";

/** Blocks and texts that hold one text of their own. */
const TEXT_BLOCKS = ["paragraph", "heading", "pre", "footer", "expandable_blockquote", "pullquote", "thinking"];
const TEXT_STYLES = [
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "subscript",
  "superscript",
  "marked",
  "code",
  "url",
  "email_address",
  "phone_number",
];

/**
 * Reads `rich_message`. Blocks are checked against the limits; Markdown and HTML are taken as they come, for the emulator
 * parses neither, and so people read their source. How Telegram words its refusals of rich messages is not known.
 */
export function readRichMessage(parameters: Parameters): RichContent {
  const value = parameters.json("rich_message", "rich message");
  const fields = new Fields(value ?? {}, SUBJECT);
  const given = ["blocks", "html", "markdown"].filter((name) => fields.has(name));
  if (given.length !== 1) throw badRequest(`${SUBJECT}: exactly one of blocks, html and markdown must be given`);
  const rich = value as InputRichMessage;
  const reader = new BlockReader();
  const text = fields.has("blocks") ? reader.blocks(fields.value("blocks"), 1) : fields.text(given[0] ?? "");
  if (text.trim() === "") throw badRequest("Text must be non-empty");
  if (reader.count > LIMITS.blocks) throw badRequest("rich message has too many blocks");
  if ((fields.has("blocks") ? reader.length : lengthOf(text)) > LIMITS.length) throw badRequest("MESSAGE_TOO_LONG");
  return { rich, text };
}

/** Makes text of blocks and counts what is limited. */
class BlockReader {
  count = 0;
  /** Code points of the text in the blocks, without the line breaks that stand here between them. */
  length = 0;

  blocks(value: unknown, depth: number): string {
    return list(value, "blocks")
      .map((block) => this.#block(new Fields(block, SUBJECT), depth))
      .join("\n\n");
  }

  #block(block: Fields, depth: number): string {
    this.#enter(depth);
    this.count += 1;
    const type = block.text("type");
    if (TEXT_BLOCKS.includes(type)) return this.#text(block.value("text"), depth + 1);
    switch (type) {
      case "divider":
        return "———";
      case "anchor":
        return "";
      case "mathematical_expression":
        return this.#counted(block.text("expression"));
      case "blockquote":
        return this.blocks(block.value("blocks"), depth + 1);
      case "details":
        return `${this.#text(block.value("summary"), depth + 1)}\n${this.blocks(block.value("blocks"), depth + 1)}`;
      case "list":
        return list(block.value("items"), "items")
          .map((item) => this.#item(new Fields(item, SUBJECT), depth + 1))
          .join("\n");
      case "table":
        return list(block.value("cells"), "cells")
          .map((row) => this.#row(list(row, "cells"), depth + 1))
          .join("\n");
      default:
        throw badRequest(`rich blocks of the type ${type} are not emulated`);
    }
  }

  #item(item: Fields, depth: number): string {
    this.count += 1;
    return `• ${this.blocks(item.value("blocks"), depth)}`;
  }

  #row(cells: readonly unknown[], depth: number): string {
    this.count += 1;
    if (cells.length > LIMITS.columns) throw badRequest("rich message table has too many columns");
    return cells
      .map((value) => {
        const cell = new Fields(value, "Can't parse RichBlockTableCell");
        return cell.has("text") ? this.#text(cell.value("text"), depth) : "";
      })
      .join(" | ");
  }

  #text(value: unknown, depth: number): string {
    this.#enter(depth);
    if (typeof value === "string") return this.#counted(value);
    if (Array.isArray(value)) return value.map((part) => this.#text(part, depth)).join("");
    const fields = new Fields(value, "Can't parse RichText");
    const type = fields.text("type");
    if (type === "mathematical_expression") return this.#counted(fields.text("expression"));
    if (!TEXT_STYLES.includes(type)) throw badRequest(`rich texts of the type ${type} are not emulated`);
    return this.#text(fields.value("text"), depth + 1);
  }

  #counted(text: string): string {
    this.length += lengthOf(text);
    return text;
  }

  #enter(depth: number): void {
    if (depth > LIMITS.depth) throw badRequest("rich message is nested too deep");
  }
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(`${SUBJECT}: Field "${name}" must be an Array`);
  return value;
}
