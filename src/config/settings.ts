import type { ConfigProblem } from "../errors.ts";
import { redact } from "../redact.ts";
import { lookalike } from "./did-you-mean.ts";
import type { Environment, VariableName } from "./env.ts";
import { variableNames } from "./env.ts";

/** The variables as they were set, cleaned, and every problem found with them so far. */
export class Settings {
  readonly #env: Environment;
  readonly #problems: ConfigProblem[] = [];

  constructor(env: Environment) {
    this.#env = env;
    for (const name of variableNames) {
      if (!isPlaceholder(this.#value(name))) continue;
      this.refuse(name, "It holds a placeholder.", "Put the real value in, or remove the line if you don't use it.");
    }
  }

  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /** Notes a problem; `problem` and `next` are sentences. Returns nothing, so that a reader can end with it. */
  refuse(variable: string, problem: string, next: string): undefined {
    this.#problems.push({ variable, problem, next });
  }

  isSet(name: VariableName): boolean {
    return this.#value(name) !== "";
  }

  /** True also when the variable was meant but is set under a wrong name, which `text` then explains. */
  isIntended(name: VariableName): boolean {
    return this.isSet(name) || lookalike(this.#env, name) !== undefined;
  }

  /** The value, if there is one to work with. */
  text(name: VariableName): string | undefined {
    const value = this.#value(name);
    if (value) return isPlaceholder(value) ? undefined : value;
    const wrongName = lookalike(this.#env, name);
    if (wrongName === undefined) return undefined;
    return this.refuse(wrongName, "It is set, but nothing reads it.", `Did you mean ${name}? Rename it, or remove it.`);
  }

  /** Without blanks around, and without the quotes that docker's `--env-file` keeps. */
  #value(name: VariableName): string {
    const value = this.#env[name]?.trim() ?? "";
    return (/^(["'])(.*)\1$/s.exec(value)?.[2] ?? value).trim();
  }
}

/** A value as a problem may show it: short, and without a token that was pasted into the wrong line. */
export function quote(value: string): string {
  const shown = redact(value);
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown);
}

/** As `.env.example` holds them (`your-…`), as prose writes them (`<token>`), as Coze masks ids and tokens (`73****`). */
function isPlaceholder(value: string): boolean {
  return /^your-|\nyour-|\\nyour-|^<.*>$|\*{4}/.test(value);
}
