import fc from "fast-check";
import { answers } from "./generator.ts";

/** Vitest hands variables with the prefix `VITE_` on: `VITE_FUZZ_RUNS=5000 VITE_FUZZ_SEED=7 npx vitest run test/markdown`. */
const { VITE_FUZZ_RUNS = "60", VITE_FUZZ_SEED = "1" } = (
  import.meta as ImportMeta & { readonly env: Readonly<Record<string, string | undefined>> }
).env;

/** The same answers in every run, so that a failure is one of the code and not of the day. */
const settings = { numRuns: Number(VITE_FUZZ_RUNS), seed: Number(VITE_FUZZ_SEED) };

/** A minute for a hundred answers: a failing one is made smaller before it is reported. */
export const timeLimitMs = 60_000 * Math.max(1, settings.numRuns / 100);

/** Expects `holds` not to throw for generated answers. */
export function forAnswers(holds: (source: string) => void): void {
  const timeLimit = { interruptAfterTimeLimit: timeLimitMs * 0.8, markInterruptAsFailure: true };
  fc.assert(
    fc.property(answers, (source) => holds(source)),
    { ...settings, ...timeLimit },
  );
}
