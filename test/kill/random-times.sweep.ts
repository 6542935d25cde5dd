import { afterAll, describe, expect, it } from "vitest";
import { type Script, say } from "../../src/playground/coze/index.ts";
import { isHonest, type Outcome } from "../support/outcome.ts";
import type { Question } from "../support/questions.ts";
import { modeNames, platformNames } from "../support/world.ts";
import { type Chance, createChance } from "../unit/random.ts";
import { illustratedAnswer, type Section } from "./illustrated-answer.ts";
import { type Recovery, Stage } from "./stage.ts";
import { Tally } from "./tally.ts";

/** Vitest hands variables with the prefix `VITE_` on: `VITE_KILL_SEED=7 VITE_KILL_TIMES=1000 npm run test:kill`. */
const { VITE_KILL_SEED = String(Date.now() % 1_000_000), VITE_KILL_TIMES = "200" } = (
  import.meta as ImportMeta & { readonly env: Readonly<Record<string, string | undefined>> }
).env;

const worlds = platformNames.flatMap((platform) => modeNames.map((mode) => ({ platform, mode })));
const killsOfWorld = Math.ceil(Number(VITE_KILL_TIMES) / worlds.length);

describe("The bridge is killed at random times of streaming answers", () => {
  const tally = new Tally();
  afterAll(() => {
    process.stdout.write(tally.toString(`Killed at random times of streaming answers, seed ${VITE_KILL_SEED}`));
  });

  it.concurrent.each(
    worlds.map((world, index) => ({ ...world, chance: createChance(Number(VITE_KILL_SEED) + index) })),
  )("every turn ends once and honestly ($platform, $mode)", ({ platform, mode, chance }) =>
    Stage.use(platform, mode, async (stage) => {
      const rounds: Round[] = [];
      while (kills(rounds) < killsOfWorld) rounds.push(await playRound(stage, chance));
      await stage.time.pass(10_000);
      await stage.world.bridge.stop();
      for (const { turns, recoveries } of rounds) {
        for (const recovery of recoveries) {
          const repetitions = stage.repetitionsOf(recovery.outcomes.length > 0 ? turns : []);
          tally.add(`${platform}, ${mode}`, { ...recovery, ...repetitions });
        }
      }
      expect(rounds.flatMap((round) => problemsOf(round, stage))).toEqual([]);
      expect(stage.unfinished).toBe(0);
    }),
  );
});

interface Round {
  readonly turns: readonly Question[];
  /** One for every kill; only after the last one there was time for all of it. */
  readonly recoveries: readonly Recovery[];
}

function kills(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { recoveries }) => sum + recoveries.length, 0);
}

/** Some people ask, one after the other; the bridge is killed within their answers and sometimes once more soon after. */
async function playRound(stage: Stage, chance: Chance): Promise<Round> {
  const turns: Question[] = [];
  const people = 1 + chance.below(4);
  for (let index = 0; index < people; index += 1) {
    turns.push(chance.below(3) > 0 ? stage.ask(length(chance), streamed(chance)) : askForPictures(stage, chance));
    await stage.time.pass(chance.below(2000));
  }
  await stage.time.pass(chance.below(8000));
  await stage.heard(turns);
  await stage.kill();
  if (chance.below(4) > 0) return { turns, recoveries: [await stage.recover(turns)] };
  const first = await stage.recoverFor(chance.below(4000));
  await stage.kill();
  return { turns, recoveries: [first, await stage.recover(turns)] };
}

/** In words: mostly one message, at times several. */
function length(chance: Chance): number {
  return chance.pick([10, 40, 100, 100, 200, 200, 400, 1000]);
}

/** An answer with pictures. */
function askForPictures(stage: Stage, chance: Chance): Question {
  const sections = chance.pick<readonly Section[]>([
    [40, "picture", 40],
    ["picture", 60],
    [60, "album"],
    [20, "album", 200, "picture", 20],
    [20, "missing", 40, "picture", 20],
  ]);
  const stream = streamed(chance);
  return stage.put((mark) => {
    const { markdown, seen } = illustratedAnswer(mark, sections, stage.links);
    return { answer: seen.join("\n\n"), script: () => stream(markdown) };
  });
}

/** Between one and ten seconds long, however long the text is. */
function streamed(chance: Chance): (answer: string) => Script {
  const [pieces, everyMs] = [10 + chance.below(90), 100];
  return (answer) => say(answer, { chunk: Math.ceil(answer.length / pieces), everyMs });
}

function problemsOf({ turns, recoveries }: Round, stage: Stage): string[] {
  const inTime = recoveries.at(-1)?.outcomes ?? [];
  const inTheEnd = stage.questions.outcomesOf(turns);
  return turns.flatMap((turn, index) => {
    const outcomes = [inTime[index], inTheEnd[index]];
    const isAllowed = (outcome?: Outcome) => isHonest(outcome) || (outcome === "fragment" && stage.fellIntoSend(turn));
    const seen = outcomes.every(isAllowed) ? [] : [`${turn.text} ${outcomes.join(", then ")}`];
    return stage.questions.timesAgain(turn) > 0 ? [...seen, `${turn.text} asked again`] : seen;
  });
}
