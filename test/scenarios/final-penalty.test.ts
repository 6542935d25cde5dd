import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gate } from "../../src/playground/coze/index.ts";
import { startFastTime } from "../support/fast-time.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { turnReaches } from "../support/ledger.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { beginning, inOnePiece, type Question, Questions, reaches, type Somebody } from "../support/questions.ts";
import { platformNames, type StartedWorld, startWorld } from "../support/world.ts";

const PENALTY_MS = 140_000;

/** How much later than the penalty's end an answer may come. */
const TARDINESS_MS = 20_000;

/** Sends and edits, on either platform. */
const writing = /^(sendMessage|editMessageText|(POST|PATCH) \/channels\/:id\/messages(\/:id)?)$/;

const PATIENCE_MS = 60_000;

describe.each(platformNames)("The platform asks for 140 seconds at the very last edit (%s)", (platform) => {
  const { rateLimit } = platformFaults[platform];
  const time = startFastTime(20);
  let world: StartedWorld;
  let questions: Questions;
  beforeAll(async () => {
    world = await startWorld({ platform, time });
    questions = new Questions(world.coze);
  });
  afterAll(async () => {
    await world.close();
    world.assertDiscretion();
  });

  /** An answer that is half there, and whose other half comes with the gate. */
  async function halfAnswered(): Promise<{ readonly question: Question; readonly rest: Gate }> {
    const by: Somebody = { chat: world.chat, ...world.someone() };
    const rest = closedGate();
    const question = questions.ask(by, 40, (answer) => [
      ...inOnePiece(beginning(answer, 2)),
      gate(rest.opened),
      ...inOnePiece(answer.slice(beginning(answer, 2).length)),
    ]);
    const half = () =>
      by.chat.botMessages(by.room).some((message) => reaches(message.text, beginning(question.answer, 2)));
    await by.chat.until("half of the answer", half);
    return { question, rest };
  }

  /** From the next edit on, everything that is written in the room is refused until 140 seconds are over. */
  function punish({ room }: Question): { readonly end: () => number } {
    let end: number | undefined;
    world.chat.faults.add({
      method: writing,
      where: (parameters) => inRoom(room)(parameters) && time.clock.now() < (end ?? Number.POSITIVE_INFINITY),
      times: Number.POSITIVE_INFINITY,
      get effect() {
        end ??= time.clock.now() + PENALTY_MS;
        return rateLimit(Math.max(1, Math.ceil((end - time.clock.now()) / 1000)));
      },
    });
    return { end: () => end ?? Number.POSITIVE_INFINITY };
  }

  function written({ room }: Question) {
    return world.chat.calls.filter(({ method, parameters }) => writing.test(method) && inRoom(room)(parameters));
  }

  async function expectAnsweredAfter(question: Question, end: number): Promise<void> {
    const { chat, room } = question;
    const isAnswered = () => questions.outcomesOf([question])[0] === "answered";
    await chat.until("the whole answer", isAnswered, PATIENCE_MS);
    const shownAt = chat.botMessages(room)[0]?.revisions.at(-1)?.at ?? 0;
    expect(shownAt).toBeGreaterThanOrEqual(end);
    expect(shownAt).toBeLessThan(end + TARDINESS_MS);
    await time.pass(10_000);
    expect(chat.botMessages(room)).toHaveLength(1);
    expect(questions.outcomesOf([question])).toEqual(["answered"]);
  }

  it("shows the whole answer after them, and calls nothing before", async () => {
    const { question, rest } = await halfAnswered();
    const before = written(question).length;
    const { end } = punish(question);
    rest.open();
    await world.chat.until("the edit is refused", () => written(question).length > before);
    await expectAnsweredAfter(question, end());
    expect(
      written(question)
        .slice(before)
        .map(({ status }) => status),
    ).toEqual([429, 200]);
  });

  it.each(["kill", "stop"] as const)("and when the bridge is restarted meanwhile (%s)", async (way) => {
    const { question, rest } = await halfAnswered();
    const before = written(question).length;
    const { end } = punish(question);
    rest.open();
    await world.chat.until("the edit is refused", () => written(question).length > before);
    await turnReaches(world.environment.DATABASE_PATH ?? "", world.sessionName(question.person), "answered");
    await world.bridge[way]();
    await world.restart();
    await expectAnsweredAfter(question, end());
    // The new process can't know of the penalty, until it has called once.
    const statuses = written(question)
      .slice(before)
      .map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeLessThanOrEqual(2);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });
});
