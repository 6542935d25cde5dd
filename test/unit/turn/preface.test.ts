import { expect, test } from "vitest";
import { emptyAnswer } from "../../../src/reply/accumulate.ts";
import { Preface } from "../../../src/turn/preface.ts";
import { shownReasoning } from "../../../src/turn/reasoning.ts";

const thinking = (reasoning: string) => ({ ...emptyAnswer, reasoning });
const quote = (reasoning: string) => shownReasoning(reasoning, "quote");
const begin = (notice = "", isSettled = false) => new Preface("quote", { notice, isSettled });

test("words are put above those that are there, and reasoning stands below them", () => {
  const preface = begin("> a\n\n");
  preface.put("New.\n\n");
  expect(preface.notice).toBe("New.\n\n> a\n\n");
  expect(preface.reasoning(thinking("hm"))).toBe(quote("hm"));
});

test("what is settled stays as it is, whatever is thought or told of it later", () => {
  const preface = begin("New.\n\n");
  expect(preface.settle(thinking("hm"))).toBe(true);
  expect(preface.notice).toBe(`New.\n\n${quote("hm")}`);
  for (const reasoning of ["hm, well", ""]) {
    expect(preface.reasoning(thinking(reasoning))).toBe("");
    expect(preface.settle(thinking(reasoning))).toBe(false);
  }
  expect(preface.notice).toBe(`New.\n\n${quote("hm")}`);
});

test("an answer that began without reasoning stays without it", () => {
  const preface = begin();
  expect(preface.settle(thinking(""))).toBe(false);
  expect(preface.reasoning(thinking("hm"))).toBe("");
});

test("what an earlier process has settled is settled", () => {
  expect(begin("New.\n\n", true).reasoning(thinking("hm"))).toBe("");
  expect(begin("New.\n\n").reasoning(thinking("hm"))).toBe(quote("hm"));
});
