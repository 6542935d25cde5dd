import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerPart } from "../../../src/media/answer-parts.ts";
import { splitMedia } from "../../../src/media/split-media.ts";
import { block } from "../../markdown/generator/blocks.ts";

const cat = "https://e.com/cat.png";
const dog = "https://e.com/dog.png";
const short = "https://s.coze.cn/t/DvEy1Vs0eck/";

describe("an answer with files", () => {
  test.each<[title: string, markdown: string, parts: readonly (string | readonly string[])[]]>([
    ["without links is one text", "Hello **you**\n\n", ["Hello **you**\n\n"]],
    ["with a link to a page is one text", "See [docs](https://e.com/docs).", ["See [docs](https://e.com/docs)."]],
    ["that is a picture has no text", `![a cat](${cat})`, [[cat]]],
    ["has the picture between its paragraphs", `Look:\n\n![cat](${cat})\n\nNice.`, ["Look:", [cat], "Nice."]],
    ["has the picture between its lines", `Look:\n![cat](${cat})\nNice.`, ["Look:", [cat], "Nice."]],
    [
      "keeps a sentence whole and has the picture behind it",
      `Here ![cat](${cat}) it is.\nB`,
      ["Here it is.", [cat], "B"],
    ],
    ["has a picture in front that begins a line", `![cat](${cat}) is a cat.`, [[cat], "is a cat."]],
    [
      "has pictures on lines of their own as one album",
      `![](${cat})\n![](${dog})\n\n![](${cat})\nEnd`,
      [[cat, dog, cat], "End"],
    ],
    ["has pictures beside each other as one album", `![](${cat}) ![](${dog})`, [[cat, dog]]],
    [
      "keeps the words of a link",
      "See [the report](https://e.com/r.pdf) now.",
      ["See the report now.", ["https://e.com/r.pdf"]],
    ],
    ["loses a bare address", `Picture: ${cat}\nEnd`, ["Picture:", [cat], "End"]],
    [
      "has the files of items behind each",
      `1. **A**\n   ![](${cat})\n   more\n2. B ![](${dog})\n3. C`,
      ["1. **A**\n   more", [cat], "2. B", [dog], "3. C"],
    ],
    ["has no empty items", `- ![](${cat})\n- ![](${dog})`, [[cat, dog]]],
    [
      "joins a number with its text",
      `1. ![](${cat})\n   Title\n2. ![](${dog})\n   Other`,
      ["1. Title", [cat], "2. Other", [dog]],
    ],
    [
      "has those of a table behind it",
      `| a | b |\n|---|---|\n| x | ![c](${cat}) |\n\nEnd`,
      ["| a | b |\n|---|---|\n| x |  |", [cat], "End"],
    ],
    ["has those of a quotation behind it", `> a\n> ![c](${cat})\n> b\n\nEnd`, ["> a\n> b", [cat], "End"]],
    ["has no markers around nothing", `A\n\n**![c](${cat})**\n\n# ![d](${dog})\n\nB`, ["A", [cat, dog], "B"]],
    [
      "keeps the page that a picture links to",
      `[![badge](${cat})](https://e.com/page) x`,
      ["[badge](https://e.com/page) x", [cat]],
    ],
    [
      "knows Coze's short links on lines of their own",
      `Done:\n${short}\n${short}\nEnd`,
      ["Done:", [short, short], "End"],
    ],
    ["leaves Coze's short links in sentences", `Done: ${short} ok`, [`Done: ${short} ok`]],
    [
      "leaves code alone",
      `\`![a](${cat})\`\n\n\`\`\`\n![a](${cat})\n${cat}\n\`\`\``,
      [`\`![a](${cat})\`\n\n\`\`\`\n![a](${cat})\n${cat}\n\`\`\``],
    ],
    [
      "tells a picture from its like in code",
      `- \`![a](${cat})\` ![a](${cat})\n- x`,
      [`- \`![a](${cat})\``, [cat], "- x"],
    ],
    [
      "leaves the code of HTML alone",
      `<code>![a](${cat})</code> and\n\n<pre>\n![a](${cat})\n</pre>`,
      [`<code>![a](${cat})</code> and\n\n<pre>\n![a](${cat})\n</pre>`],
    ],
    [
      "leaves the code of HTML alone over lines",
      `a <code>\n![a](${cat})\n</code>`,
      [`a <code>\n![a](${cat})\n</code>`],
    ],
    ["has the pictures of HTML", `<p align="center">\n<img src="${cat}" alt="c">\n</p>\n\nEnd`, [[cat], "</p>\n\nEnd"]],
    ["takes no indentation for code", `10. a\n\nText\n![](${cat})\n      more`, ["10. a\n\nText", [cat], "more"]],
    ["keeps the code behind a picture", `![](${cat})\n\n    code`, [[cat], "    code"]],
    ["has lines ended by carriage returns", `Look:\r\n![cat](${cat})\r\nNice.`, ["Look:", [cat], "Nice."]],
  ])("%s", (_title, markdown, parts) => {
    expect(shape(splitMedia(markdown))).toEqual(parts);
  });

  test("is settled when it is whole", () => {
    expect(splitMedia(`a\n![](${cat})\nb`).every(({ isSettled }) => isSettled)).toBe(true);
  });
});

describe("a growing answer", () => {
  test.each<[title: string, markdown: string, parts: readonly (string | readonly string[])[]]>([
    ["shows nothing of a picture that is being written", "Look:\n![a cat](https://e.com/c", ["Look:\n"]],
    ["shows nothing of an address that is being written", "Look: https://e.com/cat.pn", ["Look: "]],
    ["has no bare address before something ends it", `Look: ${cat}`, ["Look: "]],
    ["has a bare address that ended", `Look: ${cat} `, ["Look:", [cat]]],
    ["has a picture when it is written", `Look:\n![a cat](${cat})`, ["Look:", [cat]]],
    ["has no picture below code that may be closed", `Say \`x\n![a](${cat})`, [`Say \`x\n![a](${cat})`]],
    ["has no picture in code that may be closed", `Say \`x ![a](${cat})`, [`Say \`x ![a](${cat})`]],
  ])("%s", (_title, markdown, parts) => {
    expect(shape(splitMedia(markdown, true))).toEqual(parts);
  });

  test("is settled up to a picture as soon as words follow on another line", () => {
    const before = splitMedia(`Look:\n\n![](${cat})\n\n`, true);
    expect(before.map(({ isSettled }) => isSettled)).toEqual([true, false]);
    const after = splitMedia(`Look:\n\n![](${cat})\n\nThis`, true);
    expect(after.map(({ isSettled }) => isSettled)).toEqual([true, true, false]);
  });

  test("never changes what was settled", () => {
    fc.assert(
      fc.property(documents, (markdown) => {
        const whole = splitMedia(markdown);
        for (let length = 0; length < markdown.length; length += 1) {
          const settled = splitMedia(markdown.slice(0, length), true).filter(({ isSettled }) => isSettled);
          expect(shape(whole).slice(0, settled.length), JSON.stringify(markdown.slice(0, length))).toEqual(
            shape(settled),
          );
        }
      }),
      { numRuns: 25 },
    );
  });
});

const pictures = fc.constantFrom(
  `![a cat](${cat})`,
  `Look: ![](${dog}) there`,
  `Picture:\n![x](${cat})\nmore`,
  `- ![](${cat})\n- b`,
  `1. **A**\n   ![x](${cat})\n2. B`,
  `> ![q](${dog})`,
  `[report](https://e.com/r.pdf) and ${cat}`,
  short,
  `| ![t](${cat}) |\n|---|\n| b |`,
);

/** Answers as they are written, with pictures between and beside what else is in them. */
const documents = fc
  .array(fc.tuple(fc.oneof(block, pictures, pictures), fc.constantFrom("\n\n", "\n\n", "\n")), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.flat().join(""))
  .filter(({ length }) => length < 400);

function shape(parts: readonly AnswerPart[]): (string | string[])[] {
  return parts.map((part) => (part.type === "text" ? part.markdown : part.links.map(({ url }) => url)));
}
