import { ConfigError } from "../errors.ts";
import { redact } from "../redact.ts";
import { StoreError } from "../store/errors.ts";

/** What to print, and the exit code, when the program can't go on. */
export interface Trouble {
  readonly text: string;
  /** 2: the operator must change something. 1: anything else. */
  readonly exitCode: 1 | 2;
}

export function describeTrouble(error: unknown): Trouble {
  if (error instanceof ConfigError) return { text: describeProblems(error), exitCode: 2 };
  if (error instanceof StoreError) return { text: `${error.message}\n`, exitCode: 2 };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `${redact(text)}\n`, exitCode: 1 };
}

function describeProblems({ problems }: ConfigError): string {
  const count = problems.length === 1 ? "One setting needs" : `${problems.length} settings need`;
  const lines = problems.map(({ variable, problem, next }) => `  ${variable}\n    ${problem}\n    ${next}\n`);
  return `coze-bridge can't run like this. ${count} a change:\n\n${lines.join("\n")}\n`;
}
