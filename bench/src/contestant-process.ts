import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "./contestants/contestant.ts";
import { type ContestantName, contestantOf } from "./contestants/index.ts";
import { type LoadFigures, measureLoad } from "./load.ts";
import type { OpenPlatform } from "./platform-process.ts";
import { produce } from "./producer.ts";
import { serve } from "./remote.ts";
import { durationOf, type WorkloadName, workloads } from "./workloads.ts";

/** The process of a contestant. */
export interface ContestantService {
  /** Resolves with the bot's number once it is connected. */
  open(wish: {
    readonly name: ContestantName;
    readonly platform: OpenPlatform;
    readonly isUnlimited?: boolean;
  }): Promise<number>;
  answer(wish: AnswerWish): Promise<AnswerEnd>;
  load(wish: { readonly bot: number; readonly rooms: readonly string[] }): Promise<LoadFigures>;
  close(bot: number): Promise<void>;
}

export interface AnswerWish {
  readonly bot: number;
  readonly room: string;
  readonly workload: WorkloadName;
  /** The contestant is given this long after the last delta. */
  readonly patienceMs: number;
}

export interface AnswerEnd {
  /** When the first delta was produced, in epoch milliseconds. */
  readonly startedAt: number;
  /** What the contestant rejected with, or that it did not end. */
  readonly failure?: string;
}

const bots: Bot[] = [];

function botOf(number: number): Bot {
  const bot = bots[number];
  if (!bot) throw new Error(`No bot has the number ${number}.`);
  return bot;
}

// Contestants leave rejections behind that nobody awaits; what became of the answer tells enough.
process.on("unhandledRejection", () => undefined);

serve<ContestantService>({
  async open({ name, platform, isUnlimited = false }) {
    const contestant = await contestantOf(name, isUnlimited);
    bots.push(await contestant.open(platform));
    return bots.length - 1;
  },

  async answer({ bot, room, workload: name, patienceMs }) {
    const workload = workloads[name];
    const startedAt = Date.now();
    const answered = botOf(bot)
      .answer(room, produce(workload, startedAt).deltas)
      .then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    const timeout = sleep(durationOf(workload) + patienceMs, `not over ${patienceMs} ms after the last delta`, {
      ref: false,
    });
    const failure = await Promise.race([answered, timeout]);
    return { startedAt, ...(failure !== undefined && { failure }) };
  },

  load: ({ bot, rooms }) => measureLoad(botOf(bot), rooms),

  close: (bot) => botOf(bot).close(),
});
