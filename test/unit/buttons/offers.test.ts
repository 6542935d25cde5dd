import { describe, expect, it } from "vitest";
import { type ButtonKind, buttonKinds, offerButtons, offersOf } from "../../../src/buttons/offers.ts";
import { emptyAnswer } from "../../../src/reply/accumulate.ts";

const all = new Set(buttonKinds);
const message = { id: "7", text: "Which?\n1. Paris\n2. Rome", completed: true };
const labels = (offers: Parameters<typeof offerButtons>[1], kinds: ReadonlySet<ButtonKind> = all) =>
  offerButtons("turn", offers, kinds).map((row) => row.map(({ label }) => label));

describe("what an answer offers", () => {
  it("are the options of a question that waits, and not of any list", () => {
    const answer = { ...emptyAnswer, messages: [message] };
    expect(offersOf({ ...answer, outcome: "waiting-for-reply" })).toEqual({
      options: ["Paris", "Rome"],
      messageId: "7",
    });
    expect(offersOf({ ...answer, outcome: "completed" })).toEqual({ messageId: "7" });
  });

  it("are its suggested questions", () => {
    expect(offersOf({ ...emptyAnswer, followUps: ["And then?"] })).toEqual({ followUps: ["And then?"] });
  });
});

describe("the buttons below an answer", () => {
  it("are options alone while the flow waits", () => {
    expect(labels({ options: ["Paris", "Rome"], followUps: ["Why?"], messageId: "7" })).toEqual([["Paris"], ["Rome"]]);
  });

  it("are suggestions, then what one can do with the answer", () => {
    expect(labels({ followUps: ["Why?", "How?"], messageId: "7" })).toEqual([["Why?"], ["How?"], ["🔁", "👍", "👎"]]);
    expect(labels({})).toEqual([["🔁"]]);
  });

  it("are those kinds that the operator wants", () => {
    const offers = { followUps: ["Why?"], messageId: "7" };
    expect(labels(offers, new Set())).toEqual([]);
    expect(labels(offers, new Set(["follow-ups"]))).toEqual([["Why?"]]);
    expect(labels(offers, new Set(["feedback"]))).toEqual([["👍", "👎"]]);
    expect(labels({ options: ["a", "b"] }, new Set(["regenerate"]))).toEqual([]);
  });

  it("stand side by side where Discord has no more rows", () => {
    const options = Array.from({ length: 8 }, (_, index) => `option ${index}`);
    const rows = labels({ options });
    expect(rows.flat()).toEqual(options);
    expect(rows.length).toBeLessThanOrEqual(5);
  });

  it("are in one line each, whatever a suggestion holds", () => {
    expect(offersOf({ ...emptyAnswer, followUps: [" ", "\n", "And\nthen?"] })).toEqual({ followUps: ["And\nthen?"] });
    expect(labels({ followUps: ["And\nthen?"] })[0]).toEqual(["And then?"]);
  });

  it("show the beginning of what is too long for them", () => {
    const [[label = ""] = []] = labels({ followUps: ["🐈".repeat(100)] });
    expect([...label]).toHaveLength(80);
    expect(label.endsWith("🐈…")).toBe(true);
  });
});
