import type { Token, Tokens } from "marked";
import type { FormattedTextWriter } from "./formatted-text.ts";

/** Writes the inline tokens of marked: emphasis, code, links; whatever has no counterpart stays as its source text. */
export function writeInline(tokens: readonly Token[], out: FormattedTextWriter): void {
  for (const token of tokens) writeToken(token, out);
}

function writeToken(token: Token, out: FormattedTextWriter): void {
  const inside = () => writeInline((token as Tokens.Generic).tokens ?? [], out);
  switch (token.type) {
    case "strong":
      return out.within({ type: "bold" }, inside);
    case "em":
      return out.within({ type: "italic" }, inside);
    case "del":
      return out.within({ type: "strikethrough" }, inside);
    case "codespan":
      return out.within({ type: "code" }, () => out.write((token as Tokens.Codespan).text));
    case "link":
      return writeLink(token as Tokens.Link, out, inside);
    case "image":
      return writeImage(token as Tokens.Image, out);
    case "checkbox":
      return out.write((token as Tokens.Checkbox).checked ? "☑ " : "☐ ");
    case "br":
      return out.write("\n");
    case "escape":
      return out.write((token as Tokens.Escape).text);
    case "text":
      return "tokens" in token && token.tokens ? inside() : out.write((token as Tokens.Text).text);
    default:
      return out.write(token.raw);
  }
}

function writeLink(link: Tokens.Link, out: FormattedTextWriter, inside: () => void): void {
  const isBareAddress = link.text === link.href || `mailto:${link.text}` === link.href || link.raw === link.text;
  if (isBareAddress) return out.write(link.text);
  if (link.text.trim() === "") return out.write(link.href);
  if (!isLinkable(link.href)) return out.write(link.raw);
  out.within({ type: "link", url: link.href }, inside);
}

/** Neither platform shows an image inside text: it becomes a link to the picture. */
function writeImage(image: Tokens.Image, out: FormattedTextWriter): void {
  if (!isLinkable(image.href)) return out.write(image.raw);
  out.within({ type: "link", url: image.href }, () => out.write(image.text || image.href));
}

function isLinkable(url: string): boolean {
  return /^(https?:\/\/|mailto:|tel:|tg:)/i.test(url) && URL.canParse(url);
}
