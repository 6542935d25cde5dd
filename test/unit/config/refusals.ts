import { expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import type { Environment } from "../../../src/config/env.ts";
import type { ConfigProblem } from "../../../src/errors.ts";
import { ConfigError } from "../../../src/errors.ts";
import { valid } from "./valid-environment.ts";

/** What `readConfig` finds wrong; empty when nothing is. */
export function problemsOf(env: Environment): readonly ConfigProblem[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

export type Case = readonly [what: string, change: Environment, variable: string, told: RegExp];

/** One test for each case: it changes the valid environment and must be answered with exactly one problem. */
export function refuses(cases: readonly Case[]): void {
  test.each(cases)("%s", (_what, change, variable, told) => {
    const problems = problemsOf({ ...valid, ...change });
    expect(problems.map((problem) => problem.variable)).toEqual([variable]);
    expect(`${problems[0]?.problem} ${problems[0]?.next}`).toMatch(told);
    for (const sentence of [problems[0]?.problem, problems[0]?.next]) expect(sentence).toMatch(/^\w.*[.?\d]$/s);
  });
}
