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

  it.concurrent.each(worlds)("every turn ends once and honestly ($platform, $mode)", async ({ platform, mode }) => {
    const stage = await Stage.open(platform, mode);
    const results: Result[] = [];
    for (const step of steps) results.push(await killAt(step, stage));
    // Whatever was still to come has come by then.
    await stage.time.pass(10_000);
    for (const { step, turns, recovery } of results) {
      const askedAgain = turns.reduce((sum, turn) => sum + stage.questions.timesAgain(turn), 0);
      const ranTwice = turns.filter((turn) => stage.questions.runsOf(turn) > 1).length;
      tally.add(`${step.title} (${platform})`, { ...recovery, askedAgain, ranTwice });
    }
    await stage.world.bridge.stop();
    const problems = results.flatMap((result) => problemsOf(result, stage, mode));
    const { unfinished } = stage;
    await stage.close();
    expect(problems).toEqual([]);
    expect(unfinished).toBe(0);
  });
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
