import { afterAll, describe, expect, it } from "vitest";
import type { Outcome } from "../support/outcome.ts";
import type { Question } from "../support/questions.ts";
import { type ModeName, modeNames, platformNames } from "../support/world.ts";
import { type Recovery, Stage } from "./stage.ts";
import { type Step, steps } from "./steps.ts";
import { Tally } from "./tally.ts";

const worlds = platformNames.flatMap((platform) => modeNames.map((mode) => ({ platform, mode })));

describe("The bridge is killed at every step of a turn", () => {
  const tally = new Tally();
  afterAll(() => void process.stdout.write(tally.toString("Killed at every step, in six worlds")));

  it.concurrent.each(worlds)("every turn ends once, answered ($platform, $mode)", ({ platform, mode }) =>
    Stage.use(platform, mode, async (stage) => {
      const results: Result[] = [];
      for (const step of steps) results.push(await killAt(step, stage));
      // Whatever was still to come has come by then.
      await stage.time.pass(10_000);
      await stage.world.bridge.stop();
      for (const { step, turns, recovery } of results) {
        tally.add(`${step.title} (${platform})`, { ...recovery, ...stage.repetitionsOf(turns) });
      }
      expect(results.flatMap((result) => problemsOf(result, stage, mode))).toEqual([]);
      expect(stage.unfinished).toBe(0);
    }),
  );
});

interface Result {
  readonly step: Step;
  readonly turns: readonly Question[];
  readonly recovery: Recovery;
}

async function killAt(step: Step, stage: Stage): Promise<Result> {
  const { turns, release } = await step.hold(stage);
  await stage.kill();
  release();
  return { step, turns, recovery: await stage.recover(turns) };
}

/** What is wrong with a step's turns, in time or in the end. */
function problemsOf({ step, turns, recovery }: Result, stage: Stage, mode: ModeName): string[] {
  const isAllowed = (outcome: Outcome) =>
    outcome === "answered" || (outcome === "told" && step.isUntold === true && mode === "chatflow-app");
  const inTime = recovery.outcomes.filter((outcome) => !isAllowed(outcome)).map((outcome) => `${outcome} after 30 s`);
  const inTheEnd = stage.questions.outcomesOf(turns).filter((outcome) => !isAllowed(outcome));
  const again = turns.filter((turn) => stage.questions.runsOf(turn) > 1).map(() => "asked again");
  return [...inTime, ...inTheEnd, ...again].map((problem) => `${step.title}: ${problem}`);
}
