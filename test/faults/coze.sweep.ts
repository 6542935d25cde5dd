import { describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { cut, gate } from "../../src/playground/coze/index.ts";
import { type CallFault, cozeCallFaults } from "../support/call-faults.ts";
import { type FastTime, startFastTime } from "../support/fast-time.ts";
import { closedGate } from "../support/gate.ts";
import { unfinishedTurns } from "../support/ledger.ts";
import { isHonest, type Outcome } from "../support/outcome.ts";
import { beginning, inOnePiece, type Question, Questions, reaches, type Somebody } from "../support/questions.ts";
import { type ModeName, modeNames, type StartedWorld, startWorld } from "../support/world.ts";

const FACTOR = 20;

/** Longer than everything that the bridge may wait for here, in milliseconds outside. */
const PATIENCE_MS = 60_000;

const MINUTE_MS = 60_000;

const tokenCall = "POST /api/permission/oauth2/token";
const questionCall = /^POST \/(v3|v1\/workflows)\/chat$/;
/** How a run is followed whose stream is lost. */
const followingCalls = [/\/v3\/chat\/retrieve$/, /\/message\/list$/];
const cancelCall = /\/v3\/chat\/cancel$/;
const clearCall = /\/clear$/;
const createCall = "POST /v1/conversation/create";

describe.each(modeNames)("Every call to Coze goes wrong in every way (%s)", (mode) => {
  it.concurrent.each(cozeCallFaults)(
    "each turn ends once and honestly when a call $title",
    async (fault) => {
      const scene = await Scene.open(mode);
      try {
        await scene.ask(tokenCall, fault);
        await scene.ask(questionCall, fault);
        await scene.askAgain(questionCall, fault);
        for (const call of followingCalls) {
          await scene.loseStream(call, fault, "once");
          await scene.loseStream(call, fault, "for a minute");
        }
        await scene.stop(fault);
        await scene.startOver(fault);
        await scene.askInGroup(fault);
        await scene.expectHonest();
      } finally {
        await scene.close();
      }
    },
    240_000,
  );
});

/** One world for one way to go wrong. */
class Scene {
  readonly #world: StartedWorld;
  readonly #questions: Questions;
  readonly #time: FastTime;

  static async open(mode: ModeName): Promise<Scene> {
    const time = startFastTime(FACTOR);
    return new Scene(await startWorld({ platform: "telegram", mode, time }), time);
  }

  constructor(world: StartedWorld, time: FastTime) {
    this.#world = world;
    this.#time = time;
    this.#questions = new Questions(world.coze);
  }

  /** The first question of somebody, and one after it. */
  async ask(method: string | RegExp, { effect }: CallFault, by = this.#somebody()): Promise<void> {
    this.#world.coze.faults.add({ method, effect });
    await this.#ended(this.#questions.ask(by, 40, inOnePiece));
    await this.#answered(by);
  }

  /** A question in a conversation that is there already. */
  async askAgain(method: string | RegExp, fault: CallFault): Promise<void> {
    const by = this.#somebody();
    await this.#answered(by);
    await this.ask(method, fault, by);
  }

  /** The stream breaks off within an answer, whose rest must be fetched. */
  async loseStream(method: RegExp, { effect }: CallFault, lasting: "once" | "for a minute"): Promise<void> {
    const by = this.#somebody();
    const times = lasting === "once" ? 1 : Number.POSITIVE_INFINITY;
    const remove = this.#world.coze.faults.add({ method, times, effect });
    const question = this.#questions.ask(by, 40, (answer) => [
      ...inOnePiece(beginning(answer, 2)),
      cut("reset"),
      ...inOnePiece(answer.slice(beginning(answer, 2).length)),
    ]);
    if (lasting === "once") expect(await this.#ended(question)).toBe("answered");
    else await this.#time.pass(MINUTE_MS);
    remove();
    await this.#ended(question);
    await this.#answered(by);
  }

  async stop({ effect }: CallFault): Promise<void> {
    const { chat, coze } = this.#world;
    const by = this.#somebody();
    const rest = closedGate();
    const question = this.#questions.ask(by, 40, (answer) => [
      ...inOnePiece(beginning(answer, 2)),
      gate(rest.opened),
      ...inOnePiece(answer.slice(beginning(answer, 2).length)),
    ]);
    const isBegun = () =>
      chat.botMessages(by.room).some((message) => reaches(this.#world.reads(message), beginning(question.answer, 2)));
    await chat.until("the answer has begun", isBegun, PATIENCE_MS);
    const remove = coze.faults.add({ method: cancelCall, effect });
    chat.command(by.person, by.room, "stop");
    expect(await this.#ended(question)).toBe("told");
    rest.open();
    remove();
    await this.#answered(by);
  }

  async startOver({ effect }: CallFault): Promise<void> {
    const { chat, coze } = this.#world;
    const by = this.#somebody();
    await this.#answered(by);
    const remove = coze.faults.add({ method: clearCall, effect });
    const before = chat.botMessages(by.room).length;
    chat.command(by.person, by.room, "new");
    const answer = () => chat.botMessages(by.room)[before];
    const said = await chat.until("/new is answered", answer, PATIENCE_MS);
    remove();
    expect([en.newDone, en.newFailed]).toContain(this.#world.reads(said));
    await this.#answered({ ...by, room: chat.addGroup("Elsewhere", [by.person]) });
  }

  async askInGroup(fault: CallFault): Promise<void> {
    const { chat } = this.#world;
    const person = chat.addPerson();
    const remove = this.#world.coze.faults.add({ method: createCall, effect: fault.effect });
    await this.#ended(this.#questions.ask({ chat, person, room: chat.addGroup("Lounge", [person]) }, 40, inOnePiece));
    remove();
  }

  async expectHonest(): Promise<void> {
    await this.#time.pass(10_000);
    const outcomes = this.#questions.outcomesOf(this.#questions.all);
    expect(outcomes.filter((outcome) => !isHonest(outcome))).toEqual([]);
    const again = this.#questions.all.filter((question) => this.#questions.timesAgain(question) > 0);
    expect(again.map(({ text }) => text)).toEqual([]);
    await this.#world.bridge.stop();
    expect(unfinishedTurns(this.#world.environment.DATABASE_PATH ?? "")).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#world.close();
    this.#world.assertDiscretion();
  }

  #somebody(): Somebody {
    return { chat: this.#world.chat, ...this.#world.someone() };
  }

  /** Resolves with the honest end of a question. */
  async #ended(question: Question): Promise<Outcome> {
    const outcome = () => this.#questions.outcomesOf([question])[0];
    const isEnded = () => isHonest(outcome());
    await question.chat.until(`an end of "${question.text}"`, isEnded, PATIENCE_MS);
    return outcome() ?? "lost";
  }

  /** Now that nothing is wrong, the same person is answered. */
  async #answered(by: Somebody): Promise<void> {
    expect(await this.#ended(this.#questions.ask(by, 5, inOnePiece))).toBe("answered");
  }
}
