import fc from "fast-check";
import { block } from "./generator/blocks.ts";
import { marker } from "./generator/inline.ts";
import { emoji, otherScripts } from "./generator/words.ts";

const shards = fc.oneof(
  fc.constantFrom(..."ab *_`~[]()!|<>#+-=.:\\$&\n\n\n\t\r".split("")),
  fc.constantFrom(
    "```",
    "```js\n",
    "~~~",
    "\n\n",
    "    ",
    "- ",
    "1. ",
    "> ",
    "# ",
    "---",
    "===",
    "|---|\n",
    "| a |\n",
    "<!--",
    "-->",
  ),
  fc.constantFrom(
    "](",
    "[a]",
    "$$",
    "\\(",
    "\\]",
    "||",
    "**",
    "__",
    "<pre>",
    "</",
    "&",
    "https://",
    "😀",
    "\ud83d",
    "\ude00",
    "\u0000",
    "\u200d",
  ),
  marker,
  emoji,
  otherScripts,
);

/** Markers thrown together as nobody would write them, and characters of all kinds, halves of surrogate pairs among them. */
const noise = fc.oneof(
  { weight: 3, arbitrary: fc.array(shards, { maxLength: 40, size: "max" }).map((list) => list.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 80 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.nat(0xff_ff).map((code) => String.fromCharCode(code)), maxLength: 40 }),
  },
);

const separator = fc.oneof(
  { weight: 8, arbitrary: fc.constant("\n\n") },
  { weight: 2, arbitrary: fc.constant("\n") },
  { weight: 1, arbitrary: fc.constantFrom("\n\n\n", "\n \n", "\n---\n", "\n\n***\n\n", "  \n", "\n\n<br>\n\n", "") },
);

const longest = 12_000;

/** Blocks below each other, at times broken off in the middle. */
function documents(minLength: number, maxLength: number): fc.Arbitrary<string> {
  const separated = fc.tuple(block, separator);
  const blocks = fc.array(separated, { minLength, maxLength, size: "max" });
  return fc.tuple(blocks, fc.option(fc.nat(longest), { freq: 3 }), fc.integer({ min: 0, max: 9 })).map(toDocument);
}

function toDocument([blocks, breakOff, lineEnds]: [readonly [string, string][], number | null, number]): string {
  const whole = blocks.map((pair) => pair.join("")).join("");
  const ended = breakOff === null ? whole : whole.slice(0, breakOff % (whole.length + 1));
  return (lineEnds === 0 ? ended.replaceAll("\n", "\r\n") : ended).slice(0, longest);
}

/** Markdown as language models write it, and as they write it when something went wrong: from nothing to 12,000 characters. */
export const answers: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: documents(1, 4) },
  { weight: 2, arbitrary: documents(4, 16) },
  { weight: 1, arbitrary: documents(30, 60) },
  { weight: 2, arbitrary: noise },
);
