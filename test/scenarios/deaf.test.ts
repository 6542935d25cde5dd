import { afterEach, describe, expect, it } from "vitest";
import { pollingConflict } from "../../src/playground/telegram/index.ts";
import { type FastTime, startFastTime } from "../support/fast-time.ts";
import { inOnePiece, type Question, Questions, type Somebody } from "../support/questions.ts";
import { unusedAddress } from "../support/unused-address.ts";
import { type PlatformName, platformNames, type StartedWorld, startWorld } from "../support/world.ts";

const PATIENCE_MS = 60_000;

let world: StartedWorld;
let time: FastTime;
let questions: Questions;
let health: string;

async function start(platform: PlatformName): Promise<void> {
  time = startFastTime(20);
  const address = new URL(await unusedAddress());
  health = `${address.origin}/readyz`;
  world = await startWorld({ platform, time, environment: { HEALTH_PORT: address.port } });
  questions = new Questions(world.coze);
}

afterEach(async () => {
  await world.close();
  world.assertDiscretion();
});

function ask(by: Somebody): Question {
  return questions.ask(by, 5, inOnePiece);
}

/** Two people who have talked to the bot: one in private, one in a group. */
async function acquaintances(): Promise<Somebody[]> {
  const { chat } = world;
  const [one, other] = [chat.addPerson(), chat.addPerson()];
  const both: Somebody[] = [
    { chat, person: one, room: chat.privateRoom(one) },
    { chat, person: other, room: chat.addGroup("Lounge", [one, other]) },
  ];
  await answered(both.map(ask));
  return both;
}

async function answered(asked: readonly Question[]): Promise<void> {
  const areAnswered = () => questions.outcomesOf(asked).every((outcome) => outcome === "answered");
  await world.chat.until("all answers", areAnswered, PATIENCE_MS);
}

/** Each question is answered and was asked of Coze once, and nothing comes after that. */
async function expectAnsweredOnce(asked: readonly Question[]): Promise<void> {
  await answered(asked);
  await time.pass(10_000);
  expect(questions.outcomesOf(asked)).toEqual(asked.map(() => "answered"));
  expect(asked.map((question) => questions.runsOf(question))).toEqual(asked.map(() => 1));
}

/** Resolves with the first moment at which /readyz has this status. */
async function readiness(status: 200 | 503): Promise<number> {
  const deadline = time.clock.now() + 120_000;
  while (time.clock.now() < deadline) {
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.status === status) return time.clock.now();
    await time.pass(200);
  }
  throw new Error(`/readyz was never ${status}:\n${world.bridge.output()}`);
}

describe("Another program polls for a minute (telegram)", () => {
  it("is red meanwhile, polls again within the next minute, and answers everything once", async () => {
    await start("telegram");
    const { chat } = world;
    if (chat.name !== "telegram") throw new Error("only Telegram is polled");
    const people = await acquaintances();
    await readiness(200);

    const peace = chat.faults.add({ method: "getUpdates", times: Number.POSITIVE_INFINITY, effect: pollingConflict() });
    const minute = time.pass(60_000);
    chat.pollElsewhere();
    const asked = people.map(ask);
    await readiness(503);
    await minute;
    expect((await fetch(health)).status).toBe(503);
    asked.push(...people.map(ask));
    peace();
    const endedAt = time.clock.now();

    expect((await readiness(200)) - endedAt).toBeLessThan(60_000);
    await expectAnsweredOnce(asked);
  });
});

describe("The gateway is cut for 30 seconds (discord)", () => {
  it.each([
    ["and the session survives", false],
    ["and the session is lost", true],
  ])("%s: is red meanwhile, and answers once what was said", async (_what, forgetSessions) => {
    await start("discord");
    const { chat } = world;
    if (chat.name !== "discord") throw new Error("only Discord has a gateway");
    const people = await acquaintances();
    await readiness(200);

    chat.gateway.goDown({ forgetSessions });
    const asked = people.map(ask);
    await readiness(503);
    await time.pass(30_000);
    asked.push(...people.map(ask));
    chat.gateway.comeBack();

    await readiness(200);
    asked.push(...people.map(ask));
    await expectAnsweredOnce(asked);
  });
});

describe.each(platformNames)("The process is down for five minutes (%s)", (platform) => {
  it.each(["stop", "kill"] as const)("answers once what was said meanwhile (%s)", async (way) => {
    await start(platform);
    const people = await acquaintances();

    await world.bridge[way]();
    const asked: Question[] = [];
    for (let minute = 0; minute < 5; minute += 1) {
      asked.push(...people.map(ask));
      await time.pass(60_000);
    }
    await world.restart();

    asked.push(...people.map(ask));
    await expectAnsweredOnce(asked);
  });
});
