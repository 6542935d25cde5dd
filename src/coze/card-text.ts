import { parseJson } from "../json.ts";

/** Stands where a card has nothing that could be read aloud. */
const NOTHING_READABLE = "[card]";

const READABLE_KEYS = new Set(["text", "title", "subtitle", "content", "description", "label"]);
const DEEPEST_LEVEL = 20;

/**
 * What a person can read of a card. Coze sends cards as JSON and offers no way to draw them outside its own clients; the
 * shape differs by card, so every text under a key that usually holds one is taken, each once.
 */
export function readableTextOfCard(content: string): string {
  const found = new Set<string>();
  collect(parse(content), found, 0);
  return found.size > 0 ? [...found].join("\n") : NOTHING_READABLE;
}

function collect(value: unknown, found: Set<string>, level: number): void {
  if (typeof value !== "object" || value === null || level > DEEPEST_LEVEL) return;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part !== "string") {
      collect(part, found, level + 1);
      continue;
    }
    // Parts of a card are often JSON in a string.
    const nested = parse(part);
    if (nested !== undefined) collect(nested, found, level + 1);
    else if (READABLE_KEYS.has(key) && part.trim() !== "" && !/^https?:\S+$/.test(part)) found.add(part.trim());
  }
}

function parse(text: string): unknown {
  return /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
}
