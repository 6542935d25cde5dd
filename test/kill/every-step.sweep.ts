import { afterAll, describe, expect, it } from "vitest";
import type { Outcome } from "../support/outcome.ts";
import { type ModeName, modeNames, platformNames } from "../support/world.ts";
import { pictureSteps } from "./picture-steps.ts";
import { questionFileSteps } from "./question-file-steps.ts";
import { type Recovery, Stage } from "./stage.ts";
import type { Held, Step } from "./step.ts";
import { Tally } from "./tally.ts";
import { textSteps } from "./text-steps.ts";
import { toolSteps } from "./tool-steps.ts";
import { voiceSteps } from "./voice-steps.ts";

const steps: readonly Step[] = [...textSteps, ...questionFileSteps, ...pictureSteps, ...voiceSteps, ...toolSteps];

const worlds = platformNames.flatMap((platform) => modeNames.map((mode) => ({ platform, mode })));

describe("The bridge is killed at every step of a turn", () => {
  const tally = new Tally();
  afterAll(() => void process.stdout.write(tally.toString("Killed at every step, in six worlds")));

  it.concurrent.each(worlds)("every turn ends once, answered ($platform, $mode)", ({ platform, mode }) =>
    Stage.use(platform, mode, async (stage) => {
      const results: Result[] = [];
      for (const step of steps.filter(({ modes = [mode] }) => modes.includes(mode))) {
        results.push(await killAt(step, stage));
      }
      // Whatever was still to come has come by then.
      await stage.time.pass(10_000);
      await stage.world.bridge.stop();
      for (const { step, held, recovery } of results) {
        tally.add(`${step.title} (${platform})`, { ...recovery, ...stage.repetitionsOf(held.turns) });
      }
      expect(results.flatMap((result) => problemsOf(result, stage, mode))).toEqual([]);
      expect(stage.unfinished).toBe(0);
    }),
  );
});

interface Result {
  readonly step: Step;
  readonly held: Held;
  readonly recovery: Recovery;
}

async function killAt(step: Step, stage: Stage): Promise<Result> {
  const held = await step.hold(stage);
  await stage.kill();
  held.release();
  return { step, held, recovery: await stage.recover(held.turns) };
}

/** What is wrong with a step's turns, in time or in the end. */
function problemsOf({ step, held, recovery }: Result, stage: Stage, mode: ModeName): string[] {
  const { turns } = held;
  const isAllowed = (outcome: Outcome) =>
    outcome === "answered" || (outcome === "told" && step.isUntold === true && mode === "chatflow-app");
  const inTime = recovery.outcomes.filter((outcome) => !isAllowed(outcome)).map((outcome) => `${outcome} after 30 s`);
  const inTheEnd = stage.questions.outcomesOf(turns).filter((outcome) => !isAllowed(outcome));
  const again = turns.filter((turn) => stage.questions.runsOf(turn) > 1).map(() => "asked again");
  const altered = turns.filter((turn) => !stage.questions.isBroughtWhole(turn)).map(() => "asked without its picture");
  const others = held.problems?.() ?? [];
  return [...inTime, ...inTheEnd, ...again, ...altered, ...others].map((problem) => `${step.title}: ${problem}`);
}
