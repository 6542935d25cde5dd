import { describe, expect, it } from "vitest";
import { callFiguresOf } from "../../../bench/src/metrics/calls.ts";
import { ageCurve, freshnessOf } from "../../../bench/src/metrics/freshness.ts";
import type { CallKind, ObservedCall, ObservedMessage } from "../../../bench/src/metrics/observation.ts";
import {
  bestMeanAgeMs,
  drafts,
  fiveInFiveSeconds,
  oneASecond,
  twentyAMinute,
} from "../../../bench/src/metrics/optimum.ts";
import { rewritesOf } from "../../../bench/src/metrics/rewrites.ts";
import { finalText, screensOf } from "../../../bench/src/metrics/screens.ts";
import { visibleText } from "../../../bench/src/metrics/visible-text.ts";
import { exactnessOf, readSource, visibleUpTo } from "../../../bench/src/metrics/words.ts";
import { corpus } from "../../../bench/src/texts/corpus.ts";

describe("the age of what is visible", () => {
  // Ten characters at the beginning of each second.
  const produced = [
    { at: 5000, end: 10 },
    { at: 6000, end: 20 },
    { at: 7000, end: 30 },
  ];

  it("grows from a character's production until it is visible", () => {
    const seen = [
      { at: 5500, upTo: 10 },
      { at: 6250, upTo: 20 },
    ];
    // 0 to 500: grows to 500. 500 to 1000: all is visible. 1000 to 1250: grows to 250. Then all is visible again.
    const area = 500 ** 2 / 2 + 250 ** 2 / 2;
    const freshness = freshnessOf(produced, seen);
    expect(freshness.firstTextMs).toBe(500);
    expect(freshness.meanAgeMs).toBeCloseTo(area / 2000);
    expect(freshness.maxAgeMs).toBe(500);
    // Above 400 ms in the last 100 of 2000 ms.
    expect(freshness.p95AgeMs).toBeCloseTo(400, 0);
  });

  it("counts from the oldest character that is missing", () => {
    const seen = [{ at: 6500, upTo: 5 }];
    // From 0 on the first delta is not visible in full, so the age is the time itself.
    expect(freshnessOf(produced, seen).meanAgeMs).toBeCloseTo(1000);
    expect(freshnessOf(produced, seen).maxAgeMs).toBe(2000);
  });

  it("grows to the end when nothing is ever visible", () => {
    const { firstTextMs, meanAgeMs } = freshnessOf(produced, []);
    expect(firstTextMs).toBe(Number.POSITIVE_INFINITY);
    expect(meanAgeMs).toBeCloseTo(1000);
  });

  it("grows again when visible text goes away", () => {
    const seen = [
      { at: 5000, upTo: 30 },
      { at: 6500, upTo: 0 },
    ];
    expect(ageCurve(produced, seen)).toEqual([
      [0, 0],
      [1500, 0],
      [1500, 1500],
      [2000, 2000],
    ]);
  });
});

describe("the words of an answer", () => {
  const source = readSource("w0000 **w0001** w0002.\n\nw0003");

  it.each([
    { shown: "", upTo: 0 },
    { shown: "w0000 w0001", upTo: 16 },
    { shown: "w0000 w0001 w00", upTo: 19 },
    { shown: "w0000 w0001 w0002. w0003", upTo: 29 },
    { shown: "w0000 w0002", upTo: 8 },
  ])("are visible up to $upTo in $shown", ({ shown, upTo }) => {
    expect(visibleUpTo(source, shown)).toBe(upTo);
  });

  it("are counted when they are missing, doubled or out of order", () => {
    expect(exactnessOf(source, "w0000 w0001 w0002 w0003")).toEqual({ missing: 0, doubled: 0, disordered: 0 });
    expect(exactnessOf(source, "w0001 w0001 w0000")).toEqual({ missing: 2, doubled: 1, disordered: 1 });
  });
});

describe("markdown as it is read", () => {
  it.each([
    ["a **b *c*** `d*e*`", "a b c d*e*"],
    ["## a\n> b\n-# c", "a\nb\nc"],
    ["[a b](https://example.com/x_(y)) ![c](https://example.com)", "a b c"],
    ["x\n```js\n**a**\n```\ny", "x\n**a**\ny"],
    ["x\n```js\n**a", "x\n**a"],
    ["1 * 2 * 3 **open and [half", "1 * 2 * 3 **open and [half"],
    ["\\*a\\* \\[b](c)", "*a* [b](c)"],
  ])("%j is %j", (source, visible) => {
    expect(visibleText(source)).toBe(visible);
  });

  it("has every word of the corpus, wherever it is cut off", () => {
    for (let end = 0; end < corpus.length; end += 37) {
      const { words } = readSource(corpus.slice(0, end));
      expect(readSource(visibleText(corpus.slice(0, end))).words).toEqual(words);
    }
  });
});

describe("what stands in the chat", () => {
  const version = (at: number, text: string) => ({ at, text, isMarkdown: false });
  const messages: readonly ObservedMessage[] = [
    { id: "1", versions: [version(10, "w0000"), version(20, "w0000 w0001")] },
    { id: "2", versions: [version(50, "w0002")] },
  ];
  const draft: ObservedCall = { kind: "draft", at: 25, answeredAt: 30, status: 200, payload: "", draft: "w00" };

  it("is every message with its newest version, and a draft until the next message", () => {
    expect(screensOf({ messages, calls: [draft] })).toEqual([
      { at: 10, text: "w0000" },
      { at: 20, text: "w0000 w0001" },
      { at: 30, text: "w0000 w0001w00" },
      { at: 50, text: "w0000 w0001w0002" },
    ]);
    expect(finalText({ messages, calls: [draft] })).toBe("w0000 w0001w0002");
  });

  it("loses a draft after 30 s", () => {
    const late = [{ id: "1", versions: [version(40_000, "w0000")] }];
    expect(screensOf({ messages: late, calls: [draft] }).map(({ at, text }) => [at, text])).toEqual([
      [30, "w00"],
      [30_030, ""],
      [40_000, "w0000"],
    ]);
  });

  it("is rewritten where an update does more than add text", () => {
    const versions = [
      version(1, "..."),
      version(2, "**w0000"),
      version(3, "w0000 w0001"),
      version(4, "w0000 w0001 w0002"),
    ];
    expect(rewritesOf([{ id: "1", versions }])).toEqual({ updates: 1, characters: 7 });
  });
});

describe("the calls of a bot", () => {
  const call = (at: number, status = 200, more: Partial<ObservedCall> = {}): ObservedCall => ({
    ...{ kind: "edit", at, answeredAt: at + 60, status, message: "1", payload: String(at) },
    ...more,
  });
  const together = () => "messages";
  const apart = (kind: CallKind) => kind;

  it("are wasted when they are refused or ask for what stands there", () => {
    const calls = [
      call(0),
      call(100, 429, { retryAfterMs: 0 }),
      call(200, 400),
      call(300, 200, { payload: "0" }),
      call(400),
    ];
    expect(callFiguresOf(calls, together)).toMatchObject({ total: 5, wasted: 3, tooMany: 1 });
  });

  it("are in a penalty between a 429 and the end of its wait, where they share its limit", () => {
    const calls = [
      call(0, 429, { retryAfterMs: 1000 }),
      call(30),
      call(500),
      call(600, 200, { kind: "post" }),
      call(1060),
    ];
    expect(callFiguresOf(calls, together).inPenalty).toBe(2);
    expect(callFiguresOf(calls, apart).inPenalty).toBe(1);
  });
});

describe("the optimum", () => {
  const best = (capacity: typeof drafts, seconds: number) =>
    bestMeanAgeMs(capacity, 0, { stretches: [seconds * 1000], totalMs: seconds * 1000 });

  it.each([
    { capacity: fiveInFiveSeconds, ages: [500, 400, 500, 500, 500] },
    { capacity: oneASecond, ages: [500, 500, 500, 500, 500] },
    { capacity: twentyAMinute, ages: [500, 500, 500, 750, 1500] },
    { capacity: drafts, ages: [125, 125, 187.5, 375, 375] },
  ])("is a half of the gap between evenly spread updates", ({ capacity, ages }) => {
    expect([5, 8, 15, 30, 60].map((seconds) => best(capacity, seconds))).toEqual(ages);
  });

  it("counts pauses with age zero and every update one latency later", () => {
    expect(bestMeanAgeMs(oneASecond, 60, { stretches: [2000, 3000], totalMs: 10_000 })).toBe(
      (2000 * 560 + 3000 * 560) / 10_000,
    );
  });
});
