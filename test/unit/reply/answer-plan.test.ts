import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MediaItem } from "../../../src/adapter.ts";
import { emptyPlan, planGrowing, planWhole, type Segment } from "../../../src/reply/answer-plan.ts";
import { block } from "../../markdown/generator/blocks.ts";

const cat = "https://e.com/cat.png";
const dog = "https://e.com/dog.png";
const voice: MediaItem = { kind: "voice", name: "a.ogg", mimeType: "audio/ogg", data: new Uint8Array(3) };

function names(segments: readonly Segment[]): (string | string[])[] {
  return segments.map((segment) =>
    segment.type === "text"
      ? segment.markdown
      : segment.files.map((file) => ("url" in file ? file.url.replace("https://e.com/", "") : file.name)),
  );
}

describe("the plan of a whole answer", () => {
  it.each<[title: string, markdown: string, plan: (string | string[])[]]>([
    ["without files is one text", "Hello", ["Hello"]],
    ["of nothing is an empty text", "", [""]],
    ["has texts at even places and files at odd ones", `A\n\n![](${cat})\n\nB`, ["A", ["cat.png"], "B"]],
    ["begins with an empty text before files", `![](${cat})\n\nB`, ["", ["cat.png"], "B"]],
    ["has each file of an album once", `![](${cat})\n![](${dog})\n![](${cat})`, ["", ["cat.png", "dog.png"]]],
  ])("%s", (_, markdown, expected) => {
    const { segments, settled } = planWhole(markdown, []);
    expect(names(segments)).toEqual(expected);
    expect(settled).toBe(segments.length);
  });

  it("knows how a link is written", () => {
    expect(planWhole(`A [cat](${cat}) b`, []).segments[1]).toEqual({
      type: "files",
      files: [{ url: cat, source: `[cat](${cat})` }],
    });
  });

  it("ends with the files that come with it, at an odd place", () => {
    expect(names(planWhole("A", [voice]).segments)).toEqual(["A", ["a.ogg"]]);
    expect(names(planWhole(`A\n\n![](${cat})`, [voice]).segments)).toEqual(["A", ["cat.png"], "", ["a.ogg"]]);
  });

  it.each([
    ["A", 0],
    [`A\n\n![](${cat})`, 2],
    [`A\n\n![](${cat})\n\nB`, 2],
  ])("knows which text is the last one, whatever comes with it: %j", (markdown, lastText) => {
    expect(planWhole(markdown, [])).toMatchObject({ lastText });
    expect(planWhole(markdown, [voice])).toMatchObject({ lastText });
  });

  it("leaves the links beyond twenty files as they are, in one text", () => {
    const link = (n: number) => `![](https://e.com/${n}.png)`;
    const album = (from: number, count: number) => Array.from({ length: count }, (_, n) => link(from + n)).join("\n");
    const { segments } = planWhole(`A\n\n${album(0, 18)}\n\nB\n\n${album(18, 4)}\n\nC\n\n${link(22)}\n\nD`, []);
    expect(segments.map((segment) => (segment.type === "text" ? segment.markdown : segment.files.length))).toEqual([
      ...["A", 18, "B", 2],
      `${link(20)}\n\n${link(21)}\n\nC\n\n${link(22)}\n\nD`,
    ]);
  });
});

describe("the plan of a growing answer", () => {
  const settledAt = (markdown: string) => planGrowing(markdown).settled;

  it("tells which segments nothing can change any more", () => {
    expect(settledAt("A")).toBe(0);
    expect(settledAt(`A\n\n![](${cat})`)).toBe(0);
    expect(settledAt(`A\n\n![](${cat})\n\nB`)).toBe(2);
    expect(settledAt(`A\n\n![](${cat})\n\nB\n\n![](${dog})\n\nC`)).toBe(4);
  });

  it("is never settled in the text behind the twentieth file", () => {
    const links = Array.from({ length: 22 }, (_, n) => `P${n}\n\n![](https://e.com/${n}.png)`).join("\n\n");
    const { segments, settled } = planGrowing(`${links}\n\nEnd`);
    expect(segments).toHaveLength(41);
    expect(settled).toBe(40);
  });

  it("is the same however it grew", () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: block },
      fc.constantFrom(
        `![cat](${cat})`,
        `See [dog](${dog}) here`,
        `- ![](${cat})\n- b`,
        "The th http https",
        "See https://e.com/p now",
      ),
    );
    const answers = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join("\n\n").slice(0, 300));
    fc.assert(
      fc.property(answers, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (markdown, steps) => {
        let plan = emptyPlan;
        for (let end = 0, n = 0; end < markdown.length; n += 1) {
          end = Math.min(markdown.length, end + (steps[n % steps.length] ?? 1));
          plan = planGrowing(markdown.slice(0, end), plan);
          expect(plan).toEqual(planGrowing(markdown.slice(0, end)));
        }
      }),
      { numRuns: 60 },
    );
  });
});
