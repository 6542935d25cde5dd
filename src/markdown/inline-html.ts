import type { Token } from "marked";
import type { Format } from "./formatted-text.ts";
import { attribute, isAmbiguous, type Tag, textOfHtml } from "./html.ts";
import { linkableUrl, writeImage } from "./links.ts";
import { bullet } from "./list-markers.ts";
import { toSubscript, toSuperscript } from "./scripts.ts";
import type { TextFlow } from "./text-flow.ts";

/** An HTML element inside a paragraph. */
export interface InlineElement {
  readonly tag: Tag;
  readonly content: readonly Token[];
  /** True when nothing else stands in the paragraph. */
  readonly isAlone: boolean;
  readonly write: (flow?: TextFlow) => void;
}

/** Writes an element as what it looks like in a browser; one without a look of its own is its content. */
export function writeElement(element: InlineElement, flow: TextFlow): void {
  const { tag, content, write } = element;
  const format = formats.get(tag.name);
  if (format) return flow.within(format, write);
  if (codeLike.has(tag.name)) return flow.within({ type: "code" }, () => flow.write(sourceText(content).trim()));
  switch (tag.name) {
    case "a":
      return writeAnchor(element, flow);
    case "span":
      return attribute(tag.raw, "class") === "tg-spoiler" ? flow.within({ type: "spoiler" }, write) : write();
    case "sub":
      return writeScript(element, flow, "_");
    case "sup":
      return writeScript(element, flow, "^");
    case "q":
      flow.write("“");
      write();
      return flow.write("”");
    case "ul":
    case "ol":
      return writeList(element, flow);
    case "li":
      return writeItem(element, flow);
    case "tr":
      return writeRow(element, flow);
    case "td":
    case "th":
      return writeCell(element, flow);
    default:
      return writeBlockElement(element, flow);
  }
}

/** Writes a tag that nothing belongs to: `<br>`, a comment, a closing tag that closes nothing, or what is no HTML. */
export function writeLoneTag(raw: string, tag: Tag | undefined, flow: TextFlow): void {
  if (/^<!--|^<!doctype/i.test(raw)) return;
  if (!tag || (isAmbiguous(tag) && !(tag.isVoid && tag.raw.endsWith("/>")))) return flow.write(raw);
  switch (tag.name) {
    case "br":
      return flow.lineBreak();
    case "hr":
      flow.startLine();
      flow.write("———");
      return flow.startLine();
    case "img": {
      const text = attribute(raw, "alt") ?? "";
      return writeImage({ href: attribute(raw, "src") ?? "", text, raw: text }, flow);
    }
    case "input":
      if (attribute(raw, "type") !== "checkbox") return;
      return flow.write(attribute(raw, "checked") === undefined ? "☐" : "☑");
    default:
      if (blockLike.has(tag.name)) flow.startLine();
  }
}

function writeAnchor({ tag, content, write }: InlineElement, flow: TextFlow): void {
  const href = attribute(tag.raw, "href")?.trim() ?? "";
  const url = linkableUrl(href);
  if (sourceText(content).trim() === "" && content.every(({ type }) => type !== "html")) return flow.write(url ?? "");
  if (url !== undefined) return flow.within({ type: "link", url }, write);
  write();
  if (href !== "" && !href.startsWith("#")) flow.write(` (${href})`);
}

function writeScript({ content, write }: InlineElement, flow: TextFlow, mark: "^" | "_"): void {
  const text = sourceText(content).trim();
  const script = mark === "^" ? toSuperscript(text) : toSubscript(text);
  const isPlain = content.every(({ type }) => type === "text" || type === "escape");
  if (isPlain && script !== undefined) return flow.write(script);
  if (!isPlain || /^[[(]/.test(text) || text === "") return write();
  flow.write([...text].length === 1 ? mark + text : `${mark}(${text})`);
}

/** The lists around what a flow writes at the moment, the innermost last; `next` is the number of the next item. */
const lists = new WeakMap<TextFlow, { next: number | undefined }[]>();

function writeList({ tag, write }: InlineElement, flow: TextFlow): void {
  const around = lists.get(flow) ?? [];
  const first = Number.parseInt(attribute(tag.raw, "start") ?? "1", 10);
  lists.set(flow, [...around, { next: tag.name === "ol" ? first || 1 : undefined }]);
  flow.startLine();
  write();
  flow.startLine();
  lists.set(flow, around);
}

function writeItem({ write }: InlineElement, flow: TextFlow): void {
  const around = lists.get(flow) ?? [];
  const list = around.at(-1);
  const level = Math.max(0, around.length - 1);
  const marker = list?.next === undefined ? bullet(level) : `${list.next}.`;
  if (list?.next !== undefined) list.next += 1;
  flow.writeMarker(`${"  ".repeat(level)}${marker} `);
  write();
  flow.startLine();
}

/** How many cells of the row that a flow writes at the moment are written. */
const cells = new WeakMap<TextFlow, number>();

function writeRow({ write }: InlineElement, flow: TextFlow): void {
  cells.set(flow, 0);
  flow.startLine();
  write();
  flow.startLine();
}

function writeCell({ tag, write }: InlineElement, flow: TextFlow): void {
  const written = cells.get(flow) ?? 0;
  if (written > 0) flow.writeSeparator(" | ");
  cells.set(flow, written + 1);
  if (tag.name === "th") flow.within({ type: "bold" }, write);
  else write();
}

function writeBlockElement(element: InlineElement, flow: TextFlow): void {
  const { tag, write } = element;
  if (flow.holdsBlocks && writeOnOwnLines(element, flow)) return;
  if (!blockLike.has(tag.name)) return write();
  const breaks = tag.name === "p" ? 2 : 1;
  flow.startLine(breaks);
  if (titleLike.has(tag.name)) flow.within({ type: "bold" }, write);
  else write();
  flow.startLine(breaks);
}

/** Writes an element that has the format of a block; false for any other. */
function writeOnOwnLines({ tag, content, isAlone, write }: InlineElement, flow: TextFlow): boolean {
  const level = /^h([1-6])$/.exec(tag.name)?.[1];
  if (level !== undefined) {
    flow.withinLine({ type: "heading", level: Number(level) as 1 | 2 | 3 | 4 | 5 | 6 }, write);
  } else if (tag.name === "pre") {
    const text = sourceText(content).replace(/^\n|\s+$/g, "");
    if (text !== "") flow.withinLines({ type: "pre" }, () => flow.writeVerbatim(text));
  } else if (tag.name === "blockquote" || tag.name === "details") {
    const isCollapsed = tag.name === "details" || attribute(tag.raw, "expandable") !== undefined;
    flow.withinLines(isCollapsed ? { type: "quote", collapsed: true } : { type: "quote" }, write);
  } else if (tag.name === "small" && isAlone) {
    flow.withinLines({ type: "subtext" }, write);
  } else return false;
  return true;
}

/** What tokens say to the letter, without tags and with entities decoded. */
function sourceText(tokens: readonly Token[]): string {
  return textOfHtml(tokens.map(({ raw }) => raw).join(""));
}

const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ...["b", "strong", "mark"].map((name): [string, Format] => [name, { type: "bold" }]),
  ...["i", "em", "cite", "var", "dfn"].map((name): [string, Format] => [name, { type: "italic" }]),
  ...["u", "ins"].map((name): [string, Format] => [name, { type: "underline" }]),
  ...["s", "del", "strike"].map((name): [string, Format] => [name, { type: "strikethrough" }]),
  ["tg-spoiler", { type: "spoiler" }],
]);

const codeLike: ReadonlySet<string> = new Set(["code", "kbd", "samp", "tt", "script", "style"]);

const titleLike: ReadonlySet<string> = new Set(["summary", "dt", "caption", "h1", "h2", "h3", "h4", "h5", "h6"]);

const blockLike: ReadonlySet<string> = new Set(
  (
    "p div center h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote details summary pre table thead tbody tfoot tr " +
    "caption figure figcaption section article header footer main nav aside html head body form fieldset"
  ).split(" "),
);
