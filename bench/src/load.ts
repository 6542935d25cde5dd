import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bot } from "./contestants/contestant.ts";
import { produce } from "./producer.ts";
import { durationOf, warmUp, workloads } from "./workloads.ts";

/** What many answers at the same time cost the process that streams them. */
export interface LoadFigures {
  readonly streams: number;
  readonly deltas: number;
  readonly cpuMs: number;
  /** Growth of the heap while all answers stand complete but open, after garbage collection. */
  readonly heapBytes: number;
  readonly loopP50Ms: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  /** How much longer than planned it took until the last delta was taken: 0.02 is 2 %. */
  readonly stretch: number;
  /** When the first answer of each room began, for the figures of freshness. */
  readonly startedAt: readonly number[];
  readonly failures: number;
}

/** Rooms for the warm-up that every contestant gets, so that compiling its code does not count. */
export const warmUpRooms = 20;

/** The histogram counts the whole time between two looks, which are this far apart. */
const loopResolutionMs = 2;
const settleMs = 1500;
const longestFinishMs = 60_000;

/** Streams one answer into every room, the beginnings spread evenly over a second. The first rooms are for the warm-up. */
export async function measureLoad(bot: Bot, rooms: readonly string[]): Promise<LoadFigures> {
  await prepare(bot, rooms.slice(0, warmUpRooms));
  const measured = rooms.slice(warmUpRooms);
  const heapBefore = retainedHeap();
  const delay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  delay.enable();
  const cpuWhileOpen = cpuMeter();
  const crowd = startAnswers(bot, measured);
  const takenAt = await crowd.taken;
  await sleep(settleMs);
  const openMs = cpuWhileOpen();
  delay.disable();
  const heapBytes = retainedHeap() - heapBefore;
  const cpuWhileEnding = cpuMeter();
  const failures = await crowd.end();
  const [first = 0, last = 0] = [crowd.startedAt[0], crowd.startedAt.at(-1)];
  const plannedMs = last - first + durationOf(workloads.W9);
  return {
    streams: measured.length,
    deltas: measured.length * workloads.W9.deltas.length,
    cpuMs: openMs + cpuWhileEnding(),
    heapBytes,
    loopP50Ms: delay.percentile(50) / 1e6,
    loopP99Ms: delay.percentile(99) / 1e6,
    loopMaxMs: delay.max / 1e6,
    stretch: (takenAt - first) / plannedMs - 1,
    startedAt: crowd.startedAt,
    failures,
  };
}

async function prepare(bot: Bot, rooms: readonly string[]): Promise<void> {
  const answers = rooms.map((room) => bot.answer(room, produce(warmUp, Date.now()).deltas));
  await Promise.allSettled(answers);
  await sleep(settleMs);
}

interface Crowd {
  readonly startedAt: readonly number[];
  /** Resolves with the time when the last delta of all was taken. */
  readonly taken: Promise<number>;
  /** Tells all answers that they are complete, waits for them, and resolves with how many failed. */
  end(): Promise<number>;
}

function startAnswers(bot: Bot, rooms: readonly string[]): Crowd {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const now = Date.now();
  const started = rooms.map((room, index) => {
    const startedAt = now + (index * 1000) / rooms.length;
    const { deltas, consumedAt } = produce(workloads.W9, startedAt, released);
    const answer = bot.answer(room, deltas).then(
      () => true,
      () => false,
    );
    // A contestant that gives an answer up takes no more deltas of it.
    return { startedAt, answer, taken: Promise.race([consumedAt, answer.then(() => now)]) };
  });
  return {
    startedAt: started.map(({ startedAt }) => startedAt),
    taken: Promise.all(started.map(({ taken }) => taken)).then((times) => Math.max(...times)),
    async end() {
      release();
      let wellEnded = 0;
      const answers = started.map(({ answer }) => answer.then((isWell) => (wellEnded += isWell ? 1 : 0)));
      await Promise.race([Promise.all(answers), sleep(longestFinishMs, undefined, { ref: false })]);
      return rooms.length - wellEnded;
    },
  };
}

/** Starts to count; the returned function tells the process's CPU milliseconds since. */
function cpuMeter(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** Needs `--expose-gc`. Twice, because the first collection only runs the finalizers of some objects. */
function retainedHeap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
