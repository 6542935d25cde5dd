import { decodeEntities } from "./entities.ts";

export interface Tag {
  /** In small letters. */
  readonly name: string;
  readonly isClosing: boolean;
  /** An element without content: `<br>`, or `<x/>`. */
  readonly isVoid: boolean;
  /** As it is written. */
  readonly raw: string;
}

/**
 * The tag that `raw` is, or `undefined` when it is not HTML: placeholders (`<your name>`), type parameters
 * (`List<String>`) and components (`<Button>`) look like tags, but are text that has to stay.
 */
export function parseTag(raw: string): Tag | undefined {
  const [, slash, name] = /^<(\/?)([a-zA-Z][a-zA-Z0-9-]*)[\s/>]/.exec(raw) ?? [];
  if (name === undefined) return undefined;
  const isShouted = name === name.toUpperCase();
  const lower = name.toLowerCase();
  if ((name !== lower && !isShouted) || !(written.has(lower) || others.has(lower))) return undefined;
  return { name: lower, isClosing: slash === "/", isVoid: voids.has(lower) || raw.endsWith("/>"), raw };
}

/** Whether the name of an element is also a word that people put in angle brackets as a placeholder: `<source>`. */
export function isAmbiguous(tag: Tag): boolean {
  return others.has(tag.name) && !/\s\w+\s*=/.test(tag.raw);
}

/** The value of an attribute, `""` for one without a value. */
export function attribute(raw: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'=<>\`]+)))?(?=[\\s/>])`, "i").exec(
    raw,
  );
  return found ? decodeEntities(found[1] ?? found[2] ?? found[3] ?? "") : undefined;
}

/** The text that is left of HTML source without its tags. */
export function textOfHtml(source: string): string {
  return decodeEntities(source.replace(/<[^<>]*>/g, (raw) => (parseTag(raw) ? "" : raw)));
}

const voids: ReadonlySet<string> = new Set(["br", "hr", "img", "wbr", "input", "col", "source", "track", "embed"]);

/** What models write to format text. */
const written: ReadonlySet<string> = new Set(
  (
    "a b strong i em u ins s del strike code kbd samp tt pre sub sup mark small big br hr img p div span center font " +
    "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote details summary table thead tbody tfoot tr td th caption " +
    "colgroup col tg-spoiler tg-emoji script style wbr q cite abbr ruby rt rp figure figcaption html head body section " +
    "article header footer main nav aside svg noscript " +
    "form fieldset dialog iframe video audio canvas"
  ).split(" "),
);

/** All others of HTML's elements. */
const others: ReadonlySet<string> = new Set(
  (
    "address area base bdi bdo button data datalist dfn embed hgroup input " +
    "label legend link map menu meta meter object optgroup option output param picture progress search select slot " +
    "source template textarea time title track var"
  ).split(" "),
);
