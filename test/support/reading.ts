import type { ChatPlatform, ShownMessage } from "../../src/playground/chat-platform.ts";
import { readMarkdown } from "../unit/adapters/discord/markdown-reader.ts";

/** A message as its reader sees it, without markup. */
export interface Reading {
  readonly text: string;
  /** The code blocks in it, from top to bottom. */
  readonly code: readonly CodeBlock[];
}

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

export function read(platform: ChatPlatform["name"], message: ShownMessage): Reading {
  return platform === "telegram" ? readEntities(message) : readDiscord(message.text);
}

function readEntities({ text, revisions }: ShownMessage): Reading {
  const blocks = (revisions.at(-1)?.entities ?? []).filter(({ type }) => type === "pre");
  const code = blocks.map(({ offset, length, language = "" }) => ({
    language: String(language),
    text: text.slice(Number(offset), Number(offset) + Number(length)),
  }));
  return { text, code };
}

function readDiscord(content: string): Reading {
  const code: { language: string; text: string }[] = [];
  let text = "";
  let former: string | undefined;
  // Zero-width spaces keep apart what Discord would read as markup.
  for (const { character, styles } of readMarkdown(content).filter(({ character }) => character !== "\u200b")) {
    const style = styles.find((name) => name === "pre" || name.startsWith("pre "));
    if (style !== undefined && style !== former) code.push({ language: style.slice("pre ".length), text: "" });
    const block = code.at(-1);
    if (style !== undefined && block) block.text += character;
    former = style;
    text += character;
  }
  return { text, code };
}
