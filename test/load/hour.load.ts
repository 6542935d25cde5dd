import { afterAll, describe, expect, it } from "vitest";
import { type Script, say } from "../../src/playground/coze/index.ts";
import { cozeCallFaults, platformCallFaults } from "../support/call-faults.ts";
import { isHonest, type Outcome } from "../support/outcome.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import type { Question, Somebody } from "../support/questions.ts";
import { type Chance, createChance } from "../unit/random.ts";
import { type Memory, Town } from "./town.ts";

/** Vitest hands variables with the prefix `VITE_` on: `VITE_LOAD_SEED=7 npm run test:load`. */
const { VITE_LOAD_SEED = String(Date.now() % 1_000_000) } = (
  import.meta as ImportMeta & { readonly env: Readonly<Record<string, string | undefined>> }
).env;

const FACTOR = 15;
const PEOPLE = 50;
const MINUTE_MS = 60_000;
/** With a restart every few minutes, and then without any, to see what a process gathers in its life. */
const RESTLESS_MS = 35 * MINUTE_MS;
const QUIET_MS = 25 * MINUTE_MS;

/** From a message's coming into being until the bridge has taken note of it, in milliseconds: 30 of the world's. */
const UNKNOWN_MS = 30 * FACTOR;

describe("An hour of load, with faults at random and a restart every few minutes", () => {
  const lines: string[] = [];
  afterAll(() => void process.stdout.write(`\n${lines.join("\n")}\n`));

  it("loses nothing, repeats nothing, and keeps memory and files flat", async () => {
    const town = await Town.open(FACTOR);
    const hour = new Hour(town, Number(VITE_LOAD_SEED));
    try {
      const memories = await hour.live();
      const verdicts = await hour.judge();
      const exitCode = await town.stop();
      const { unfinished } = town;
      lines.push(`An hour of load, seed ${VITE_LOAD_SEED}`, ...hour.figures(memories, verdicts));
      lines.push(`unfinished turns in the ledger: ${unfinished}`);

      expect(verdicts.filter(({ isFine }) => !isFine).map(({ title }) => title)).toEqual([]);
      expect(exitCode).toBe(0);
      expect(unfinished).toBe(0);
      const [early, late] = [memories.at(1), memories.at(-1)];
      expect((late?.heapUsed ?? 0) / (early?.heapUsed ?? 1)).toBeLessThan(1.1);
      expect((late?.files ?? 0) - (early?.files ?? 0)).toBeLessThanOrEqual(10);
    } finally {
      await town.close();
    }
  });
});

/** What became of one question, and whether that may be. */
interface Verdict {
  readonly title: string;
  readonly outcome: Outcome;
  readonly isFine: boolean;
}

class Hour {
  readonly #town: Town;
  readonly #chance: Chance;
  readonly #people: readonly Somebody[];
  readonly #endsAt: number;
  #faults = 0;
  #stops = 0;

  constructor(town: Town, seed: number) {
    this.#town = town;
    this.#chance = createChance(seed);
    this.#people = town.people(PEOPLE);
    this.#endsAt = town.time.clock.now() + RESTLESS_MS + QUIET_MS;
  }

  /** Resolves with the memory of the last process: at its beginning, after each third of its life. */
  async live(): Promise<readonly Memory[]> {
    const { time } = this.#town;
    const lives = this.#people.map((somebody) => this.#talk(somebody));
    const trouble = this.#makeTrouble();
    await this.#restartUntil(time.clock.now() + RESTLESS_MS);
    const memories = [await this.#town.memory()];
    for (let third = 0; third < 3; third += 1) {
      await time.pass(QUIET_MS / 3);
      memories.push(await this.#town.memory());
    }
    await Promise.all([...lives, trouble]);
    await time.pass(MINUTE_MS);
    memories.push(await this.#town.memory());
    return memories;
  }

  async judge(): Promise<readonly Verdict[]> {
    const { questions, time } = this.#town;
    const verdicts: Verdict[] = [];
    for (const { room } of this.#people) {
      const asked = questions.all.filter((question) => question.room.id === room.id);
      for (const [index, outcome] of questions.outcomesOf(asked).entries()) {
        const question = asked[index];
        if (question) verdicts.push(this.#verdictOn(question, outcome));
      }
      // The emulators live in this process: nothing may hold them up for long.
      await time.pass(1);
    }
    return verdicts;
  }

  figures(memories: readonly Memory[], verdicts: readonly Verdict[]): string[] {
    const outcomes = verdicts.map(({ outcome }) => outcome);
    const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
    const counts = [...new Set(outcomes)].map(
      (name) => `${name} ${outcomes.filter((outcome) => outcome === name).length}`,
    );
    const calls = this.#town.chats.map(({ name, calls }) => `${name} ${calls.length}`);
    return [
      `${PEOPLE} people, ${outcomes.length} questions: ${counts.join(", ")}`,
      `${this.#town.lives} processes (${this.#stops} stopped, ${this.#town.killedAt.length} killed), ${this.#faults} faults`,
      `calls: ${calls.join(", ")}, Coze ${this.#town.coze.requests.length}; errors logged: ${this.#town.errors().length}`,
      ...memories.map(({ heapUsed, rss, files }) => {
        return `  last process: heap ${megabytes(heapUsed)}, resident ${megabytes(rss)}, ${files} files`;
      }),
    ];
  }

  /** Somebody asks, waits for the end of the answer, thinks, and asks again. */
  async #talk(somebody: Somebody): Promise<void> {
    const { time, questions } = this.#town;
    for (;;) {
      await time.pass(5000 + this.#chance.below(55_000));
      if (time.clock.now() > this.#endsAt) return;
      const question = questions.ask(somebody, this.#chance.pick([5, 20, 60, 120, 300]), streamed(this.#chance));
      const patience = time.clock.now() + 5 * MINUTE_MS;
      while (time.clock.now() < patience && !isHonest(questions.outcomesOf([question])[0])) await time.pass(1000);
    }
  }

  async #restartUntil(end: number): Promise<void> {
    const { time } = this.#town;
    while (time.clock.now() < end) {
      await time.pass(2 * MINUTE_MS + this.#chance.below(2 * MINUTE_MS));
      if (this.#chance.below(2) === 0) {
        await this.#town.kill();
      } else {
        this.#stops += 1;
        await this.#town.stop();
      }
      await time.pass(this.#chance.below(20_000));
      await this.#town.start();
    }
  }

  async #makeTrouble(): Promise<void> {
    const { time, chats, coze } = this.#town;
    while (time.clock.now() < this.#endsAt) {
      await time.pass(5000 + this.#chance.below(20_000));
      this.#faults += 1;
      if (this.#chance.below(3) === 0) {
        const method = this.#chance.pick([/\/chat$/, /\/token$/, /\/retrieve$/, /\/message\/list$/]);
        coze.faults.add({ method, effect: this.#chance.pick(cozeCallFaults).effect });
      } else {
        const chat = this.#chance.pick(chats);
        const { send, edit, typing } = platformFaults[chat.name].methods;
        const method = this.#chance.pick([
          send,
          edit,
          edit,
          typing,
          ...(chat.name === "telegram" ? ["getUpdates"] : []),
        ]);
        const times = 1 + this.#chance.below(3);
        chat.faults.add({ method, times, effect: this.#chance.pick(platformCallFaults(chat.name)).effect });
      }
    }
    coze.faults.clear();
    for (const chat of chats) chat.faults.clear();
  }

  #verdictOn(question: Question, outcome: Outcome): Verdict {
    const again = this.#town.questions.timesAgain(question);
    const isExcused = outcome === "fragment" && this.#fellIntoSend(question);
    const title = `${question.chat.name}: ${question.text} ${outcome}${again > 0 ? ", asked again" : ""}`;
    return { title, outcome, isFine: again === 0 && (isHonest(outcome) || isExcused) };
  }

  /**
   * Whether Telegram took a message of which the bridge can't know: its answer was lost, or the process was killed before
   * its record. A piece of the answer may then stay behind.
   */
  #fellIntoSend({ chat, room }: Question): boolean {
    if (chat.name !== "telegram") return false;
    const { send } = platformFaults.telegram.methods;
    const isUnanswered = chat.calls.some(
      ({ method, status, parameters }) => method === send && status === 0 && inRoom(room)(parameters),
    );
    const sentAt = chat.botMessages(room).flatMap(({ revisions: [first] }) => first?.at ?? []);
    const isWithin = (at: number) => this.#town.killedAt.some((kill) => kill >= at && kill - at <= UNKNOWN_MS);
    return isUnanswered || sentAt.some(isWithin);
  }
}

/** Between two and fifteen seconds long, however long the text is. */
function streamed(chance: Chance): (answer: string) => Script {
  const [pieces, everyMs] = [10 + chance.below(65), 200];
  return (answer) => say(answer, { chunk: Math.ceil(answer.length / pieces), everyMs });
}
