import { expect } from "vitest";

/** What only the bridge and Coze understand: codes, log ids, JSON, stacks, names of errors and of parts. */
const internals =
  /\d{3,}|[{}[\]<>\\]|\blogid\b|\bnull\b|\bundefined\b|\w+Error\b|\bERR_|\bHTTP\b|\bnode_?\d|\.[tj]s\b/i;

/** A message that is meant for people. */
export function expectPlainWords(text: string): void {
  expect(text).not.toMatch(internals);
}
