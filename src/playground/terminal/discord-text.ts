import { type Run, type Style, type StyledText, styled } from "./styled-text.ts";

/** How Discord's apps show a message, as far as a terminal can: code blocks, headings, emphasis, code, escapes. */
export function readDiscordText(content: string): StyledText {
  const runs: Run[] = [];
  let isCode = false;
  for (const line of content.replaceAll("\u200b", "").split("\n")) {
    if (/^```/.test(line)) {
      isCode = !isCode;
      continue;
    }
    if (runs.length > 0) runs.push(styled("\n"));
    runs.push(...(isCode ? [styled(line, "code")] : readLine(line)));
  }
  return runs;
}

function readLine(line: string): Run[] {
  const heading = /^#{1,3} /.exec(line);
  if (heading) return readInline(line.slice(heading[0].length), ["bold"]);
  return readInline(line, []);
}

/** An escaped character, code, a marker, or plain text up to the next of them. */
const piece = /\\(?<escaped>[^a-z0-9\s])|`(?<code>[^`]+)`|(?<marker>\*\*|__|~~|\*)|(?<text>[^\\`*_~]+|[\s\S])/giu;

const styleOf: Readonly<Record<string, Style>> = { "**": "bold", "*": "italic", __: "underlined", "~~": "struck" };

function readInline(line: string, around: readonly Style[]): Run[] {
  const open = new Set<Style>(around);
  const runs: Run[] = [];
  for (const { groups } of line.matchAll(piece)) {
    const { escaped, code, marker, text } = groups ?? {};
    const style = marker && styleOf[marker];
    if (style && !open.delete(style)) open.add(style);
    else if (code !== undefined) runs.push(styled(code, ...open, "code"));
    else if (!style) runs.push(styled(escaped ?? text ?? "", ...open));
  }
  return runs;
}
