/**
 * Reads markdown as Discord's clients show it. It follows the expressions of the client's own parser (a fork of
 * simple-markdown) and shares nothing with the renderer that it checks.
 */
export interface ShownCharacter {
  readonly character: string;
  /** `bold`, `code`, `link https://…`, in alphabetical order. */
  readonly styles: readonly string[];
}

interface State {
  readonly styles: readonly string[];
  readonly inQuote: boolean;
  readonly nested: boolean;
  /** How many lists lie around. */
  readonly listLevel: number;
}

interface Captured {
  readonly length: number;
  readonly shown: readonly ShownCharacter[];
}

type Rule = (source: string, state: State, atLineStart: boolean) => Captured | undefined;

export function readMarkdown(source: string): ShownCharacter[] {
  return parse(source.trim(), { styles: [], inQuote: false, nested: false, listLevel: 0 });
}

export function shownText(source: string): string {
  return readMarkdown(source)
    .map(({ character }) => character)
    .join("");
}

function parse(source: string, state: State): ShownCharacter[] {
  const shown: ShownCharacter[] = [];
  let rest = source;
  let previous = "";
  while (rest !== "") {
    const atLineStart = !state.nested && /^$|\n *$/.test(previous);
    let captured: Captured | undefined;
    for (const rule of rules) {
      captured = rule(rest, state, atLineStart);
      if (captured) break;
    }
    if (!captured) throw new Error(`Nothing reads ${JSON.stringify(rest)}`);
    shown.push(...captured.shown);
    previous = rest.slice(0, captured.length);
    rest = rest.slice(captured.length);
  }
  return shown;
}

const codeBlock: Rule = (source, state) => {
  const match = /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```/i.exec(source);
  if (!match) return undefined;
  return { length: match[0].length, shown: plain(match[2] ?? "", styled(state, `pre ${match[1] ?? ""}`.trim())) };
};

const blockQuote: Rule = (source, state, atLineStart) => {
  if (state.inQuote || !atLineStart) return undefined;
  const match = /^( *>>> +([\s\S]*))|^( *>(?!>>) +[^\n]*(\n *>(?!>>) +[^\n]*)*\n?)/.exec(source);
  if (!match) return undefined;
  const content = match[0].replace(/^ *> ?/gm, "");
  return { length: match[0].length, shown: parse(content, { ...styled(state, "quote"), inQuote: true }) };
};

const heading: Rule = (source, state, atLineStart) => {
  const match = atLineStart && state.listLevel === 0 && /^ *(#{1,3})(?:\s+)((?![#]+)[^\n]+?)#*\s*(?:\n|$)/.exec(source);
  if (!match) return undefined;
  const content = parse(match[2] ?? "", { ...styled(state, `heading ${match[1]?.length}`), nested: true });
  const end = match[0].endsWith("\n") ? plain("\n", state) : [];
  return { length: match[0].length, shown: [...content, ...end] };
};

const subtext: Rule = (source, state, atLineStart) => {
  const match = atLineStart && /^-# +([^\n]+?) *(?:\n|$)/.exec(source);
  if (!match) return undefined;
  return { length: match[0].length, shown: parse(match[1] ?? "", styled(state, "subtext")) };
};

/** The client draws its own bullets and counts by itself, whatever was written. */
const list: Rule = (source, state, atLineStart) => {
  if (!atLineStart || state.listLevel >= 11) return undefined;
  const match = /^( *)([*-]|\d+\.) [\s\S]+?(?:\n(?! )(?!\1(?:[*-]|\d+\.) )|$)/.exec(source);
  if (!match) return undefined;
  const [whole, indent = "", marker = ""] = match;
  const before = ` {${indent.length},${indent.length + 1}}(?:[*-]|\\d+\\.) `;
  const items = whole.match(new RegExp(`^${before} *[^\\n]*(?:\\n(?!${before})[^\\n]*)*(?:\\n|$)`, "gm")) ?? [];
  const width = /^ *(?:[*-]|\d+\.) +/.exec(whole)?.[0].length ?? 0;
  const shown = items.flatMap((item, index) => {
    const drawn = marker.length > 1 ? `${Number.parseInt(marker, 10) + index}.` : (["•", "◦"][state.listLevel] ?? "▪");
    const content = item.replace(/^ *(?:[*-]|\d+\.) +/, "").replaceAll(new RegExp(`^ {1,${width}}`, "gm"), "");
    const inside = parse(content.replace(/ *\n$/, ""), { ...state, listLevel: state.listLevel + 1 });
    const end = item.endsWith("\n") ? "\n" : "";
    return [...plain(`${drawn} `, state), ...inside, ...plain(end, state)];
  });
  // A nested list begins on a line of its own.
  return { length: whole.length, shown: state.listLevel > 0 ? [...plain("\n", state), ...shown] : shown };
};

const backslash: Rule = (source, state) => {
  const match = /^\\([^0-9A-Za-z\s])/.exec(source);
  return match ? { length: 2, shown: plain(match[1] ?? "", state) } : undefined;
};

const angled: Rule = (source, state) => {
  const mention = /^<(@!?|@&|#)\d+>|^<a?:\w+:\d+>|^<\/[^:>]+:\d+>|^<t:-?\d+(:\w)?>/.exec(source);
  if (mention) return { length: mention[0].length, shown: plain("⟦mention⟧", state) };
  const link = /^<([^: >]+:\/[^ >]+)>/.exec(source);
  return link ? { length: link[0].length, shown: plain(link[1] ?? "", state) } : undefined;
};

const url: Rule = (source, state) => {
  const match = /^((?:https?|steam):\/\/[^\s<]+[^<.,:;"'\]\s])/.exec(source);
  if (!match) return undefined;
  let address = match[0];
  if (address.endsWith(")") && address.split(")").length > address.split("(").length) address = address.slice(0, -1);
  return { length: address.length, shown: plain(address, state) };
};

const maskedLink: Rule = (source, state) => {
  const match =
    /^\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['"]([\s\S]*?)['"])?\s*\)/.exec(
      source,
    );
  if (!match || !/^https?:\/\/./.test(match[2] ?? "") || /:\/\//.test(match[1] ?? "")) return undefined;
  return {
    length: match[0].length,
    shown: parse(match[1] ?? "", { ...styled(state, `link ${match[2]}`), nested: true }),
  };
};

/** These three compete: the longest wins. */
const emphasis: Rule = (source, state) => {
  const em =
    /^\b_((?:__|\\[\s\S]|[^\\_])+?)_\b|^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/;
  const candidates = [
    { name: "italic", match: em.exec(source), bonus: 0.2 },
    { name: "bold", match: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/.exec(source), bonus: 0.1 },
    { name: "underline", match: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/.exec(source), bonus: 0 },
  ].filter(({ match }) => match !== null);
  candidates.sort((a, b) => (b.match?.[0].length ?? 0) + b.bonus - (a.match?.[0].length ?? 0) - a.bonus);
  const [best] = candidates;
  return best?.match ? inside(best.match, best.name, state) : undefined;
};

const strikethrough: Rule = (source, state) => {
  const match = /^~~([\s\S]+?)~~(?!_)/.exec(source);
  return match ? inside(match, "strikethrough", state) : undefined;
};

const inlineCode: Rule = (source, state) => {
  const match = /^(`+)([\s\S]*?[^`])\1(?!`)/.exec(source);
  if (!match) return undefined;
  const content = (match[2] ?? "").replace(/^ (?= *`)|(` *) $/g, "$1");
  return { length: match[0].length, shown: plain(content, styled(state, "code")) };
};

const spoiler: Rule = (source, state) => {
  const match = /^\|\|([\s\S]+?)\|\|/.exec(source);
  return match ? inside(match, "spoiler", state) : undefined;
};

const text: Rule = (source, state) => {
  const match = /^[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n\n|\n|\w+:\S|$)/.exec(source);
  if (!match) return undefined;
  // Directly in an item, it loses its line breaks at the end.
  const isInItem = state.listLevel > 0 && !state.nested;
  return { length: match[0].length, shown: plain(isInItem ? match[0].replace(/\n+\s*$/, "") : match[0], state) };
};

const rules: readonly Rule[] = [
  heading,
  codeBlock,
  blockQuote,
  subtext,
  list,
  backslash,
  angled,
  url,
  maskedLink,
  emphasis,
  strikethrough,
  inlineCode,
  spoiler,
  text,
];

function inside(match: RegExpExecArray, style: string, state: State): Captured {
  const content = match.slice(1).find((group) => group !== undefined) ?? "";
  return { length: match[0].length, shown: parse(content, { ...styled(state, style), nested: true }) };
}

function styled(state: State, style: string): State {
  return { ...state, styles: [...new Set([...state.styles, style])].sort() };
}

function plain(content: string, { styles }: State): ShownCharacter[] {
  return [...content].map((character) => ({ character, styles }));
}
