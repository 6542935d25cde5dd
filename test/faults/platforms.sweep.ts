import { describe, expect, it } from "vitest";
import { fail, gate, pauseFor } from "../../src/playground/coze/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { type CallFault, platformCallFaults } from "../support/call-faults.ts";
import { type FastTime, startFastTime } from "../support/fast-time.ts";
import { closedGate } from "../support/gate.ts";
import { unfinishedTurns } from "../support/ledger.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { beginning, inOnePiece, type Question, Questions, reaches, type Somebody } from "../support/questions.ts";
import { type PlatformName, platformNames, type StartedWorld, startWorld } from "../support/world.ts";

const FACTOR = 20;

/** The longest wait that a platform asks for here, and some time to work, in milliseconds outside. */
const PATIENCE_MS = 60_000;

/** The calls with which a bridge begins its life. */
const startMethods: Readonly<Record<PlatformName, readonly string[]>> = {
  telegram: ["getMe", "deleteWebhook", "getUpdates", "setMyCommands"],
  discord: ["GET /gateway/bot", "PUT /applications/:id/commands", "GET /channels/:id/messages"],
};

const lookup: Readonly<Record<PlatformName, string>> = {
  telegram: "editMessageReplyMarkup",
  discord: "GET /channels/:id/messages",
};

const acknowledgement: Readonly<Record<PlatformName, string>> = {
  telegram: "answerCallbackQuery",
  discord: "POST /interactions/:id/:token/callback",
};

const commandMethods: Readonly<Record<PlatformName, readonly string[]>> = {
  telegram: ["sendMessage"],
  discord: ["POST /interactions/:id/:token/callback", "PATCH /webhooks/:id/:token/messages/:id"],
};

/** How a fault hits a call: once, or every time until it is over. */
type Lasting = "once" | "for a minute";

const MINUTE_MS = 60_000;

describe.each(platformNames)("Every call to %s goes wrong in every way", (platform) => {
  const { send, edit, typing } = platformFaults[platform].methods;

  it.concurrent.each(platformCallFaults(platform))(
    "each turn is answered once when a call $title",
    async (fault) => {
      const scene = await Scene.open(platform);
      try {
        await scene.play(fault, [
          () => scene.answerThrough(send, fault, "once"),
          () => scene.answerThrough(send, fault, "for a minute"),
          () => scene.answerThrough(edit, fault, "once"),
          () => scene.answerThrough(edit, fault, "for a minute"),
          () => scene.answerThrough(typing, fault, "once"),
          () => scene.answerThrough(typing, fault, "for a minute"),
          () => scene.answerThroughLookup(fault),
          () => scene.retryThrough(fault),
          () => scene.helpThrough(fault),
        ]);
        await scene.hearThrough(fault);
        await scene.startThrough(fault);
        await scene.expectAnswered();
      } finally {
        await scene.close();
      }
    },
    240_000,
  );
});

/** Calls that only another way to show answers makes. */
const otherWays = [
  { platform: "telegram", environment: { TELEGRAM_STREAM_MODE: "draft" }, method: "sendMessageDraft" },
  { platform: "discord", environment: { DISCORD_FINISH: "fresh" }, method: "DELETE /channels/:id/messages/:id" },
] as const;

describe.each(otherWays)("$method goes wrong in every way ($environment)", ({ platform, environment, method }) => {
  it.concurrent.each(platformCallFaults(platform))(
    "each turn is answered once when it $title",
    async (fault) => {
      const scene = await Scene.open(platform, environment);
      try {
        await Promise.all([
          scene.answerThrough(method, fault, "once"),
          scene.answerThrough(method, fault, "for a minute"),
        ]);
        await scene.expectAnswered();
      } finally {
        await scene.close();
      }
    },
    120_000,
  );
});

/** One world for one way to go wrong. */
class Scene {
  readonly #world: StartedWorld;
  readonly #questions: Questions;
  readonly #time: FastTime;
  readonly #platform: PlatformName;

  static async open(platform: PlatformName, environment: Readonly<Record<string, string>> = {}): Promise<Scene> {
    const time = startFastTime(FACTOR);
    return new Scene(await startWorld({ platform, time, environment }), time);
  }

  constructor(world: StartedWorld, time: FastTime) {
    this.#world = world;
    this.#time = time;
    this.#platform = world.chat.name;
    this.#questions = new Questions(world.coze);
  }

  /**
   * Side by side, but for what Telegram took without a word: there a lost message is found among the next few of the
   * bot's private chats, all of which share their ids.
   */
  async play({ effect }: CallFault, acts: readonly (() => Promise<void>)[]): Promise<void> {
    const isLost = "applied" in effect && effect.applied;
    if (!isLost || this.#platform === "discord") return void (await Promise.all(acts.map((act) => act())));
    for (const act of acts) await act();
  }

  /** An answer that grows, the call that shows it going wrong; then one more question. */
  async answerThrough(method: string, { effect }: CallFault, lasting: Lasting): Promise<void> {
    const by = this.#somebody();
    const rest = closedGate();
    const isEdit = method === platformFaults[this.#platform].methods.edit;
    if (!isEdit) this.#plan(method, by, effect, lasting);
    const question = this.#questions.ask(by, 40, (answer) => [
      pauseFor(2000),
      ...inOnePiece(beginning(answer, 2)),
      gate(rest.opened),
      ...inOnePiece(answer.slice(beginning(answer, 2).length)),
    ]);
    if (isEdit) {
      await this.#shows(question, beginning(question.answer, 2));
      this.#plan(method, by, effect, lasting);
    }
    rest.open();
    await this.#answered(question);
    // An answer that ends as a new message must not end below the next question.
    await this.#world.ended(by.person);
    await this.#answered(this.#questions.ask(by, 5, inOnePiece));
  }

  /** A send of which nobody knows whether it arrived, and then the look for it goes wrong. */
  async answerThroughLookup({ effect }: CallFault): Promise<void> {
    for (const applied of [false, true]) {
      const by = this.#somebody();
      const { send } = platformFaults[this.#platform].methods;
      this.#plan(send, by, { kind: "reset", applied }, "once");
      this.#plan(lookup[this.#platform], by, effect, "once");
      await this.#answered(this.#questions.ask(by, 40, inOnePiece));
    }
  }

  /** The agent fails, the person presses the button, and the platform does not hear that it was noticed. */
  async retryThrough({ effect }: CallFault): Promise<void> {
    const { chat } = this.#world;
    const by = this.#somebody();
    const text = `Try for ${by.person.id}.`;
    let runs = 0;
    this.#questions.plan(text, () => {
      runs += 1;
      return runs === 1 ? [fail(5000, "no")] : inOnePiece("Gladly.");
    });
    chat.say(by.person, by.room, text);
    const button = () => chat.botMessages(by.room).find(({ buttons }) => buttons.length > 0);
    const failed = await chat.until("a button is shown", button, PATIENCE_MS);
    chat.faults.add({ method: acknowledgement[this.#platform], effect });
    chat.press(by.person, failed, failed.buttons[0]?.[0] ?? "");
    await chat.until("the question is answered", () => chat.botMessages(by.room).length > 1, PATIENCE_MS);
    await this.#answered(this.#questions.ask(this.#somebody(), 5, inOnePiece));
    expect(chat.botMessages(by.room).map((message) => this.#world.reads(message))).toEqual([
      this.#world.reads(failed),
      "Gladly.",
    ]);
  }

  /** A command is answered once at most, and holds up nothing. */
  async helpThrough({ effect }: CallFault): Promise<void> {
    const { chat } = this.#world;
    for (const method of commandMethods[this.#platform]) {
      const by = this.#somebody();
      await this.#answered(this.#questions.ask(by, 5, inOnePiece));
      chat.faults.add({ method, effect });
      chat.command(by.person, by.room, "help");
      await this.#answered(this.#questions.ask(by, 5, inOnePiece));
      const help = chat.botMessages(by.room).filter((message) => this.#world.reads(message).includes("/stop"));
      expect(help.length).toBeLessThanOrEqual(1);
    }
  }

  /** What is said while nothing arrives. */
  async hearThrough({ effect }: CallFault): Promise<void> {
    if (this.#platform === "telegram") this.#world.chat.faults.add({ method: "getUpdates", effect });
    await this.#answered(this.#questions.ask(this.#somebody(), 5, inOnePiece));
    await this.#answered(this.#questions.ask(this.#somebody(), 5, inOnePiece));
  }

  /** A question waits for the next process, whose first calls all go wrong. */
  async startThrough({ effect }: CallFault): Promise<void> {
    const rest = closedGate();
    const waiting = this.#questions.ask(this.#somebody(), 5, (answer) => [gate(rest.opened), ...inOnePiece(answer)]);
    await this.#world.coze.until("the question runs", () => this.#questions.runsOf(waiting) > 0);
    await this.#world.bridge.kill();
    rest.open();
    for (const method of startMethods[this.#platform]) this.#world.chat.faults.add({ method, effect });
    await this.#world.restart();
    await this.#answered(waiting);
    await this.#answered(this.#questions.ask(this.#somebody(), 5, inOnePiece));
  }

  async expectAnswered(): Promise<void> {
    await this.#time.pass(10_000);
    const outcomes = this.#questions.outcomesOf(this.#questions.all);
    const others = this.#questions.all.flatMap(({ text }, index) =>
      outcomes[index] === "answered" ? [] : [`${outcomes[index]}: ${text}\n${this.#world.chat.transcript()}`],
    );
    expect(others).toEqual([]);
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

  #plan(method: string, { chat, room }: Somebody, effect: FaultEffect, lasting: Lasting): void {
    const times = lasting === "once" ? 1 : Number.POSITIVE_INFINITY;
    const remove = chat.faults.add({ method, where: inRoom(room), times, effect });
    if (lasting !== "once") this.#time.clock.after(MINUTE_MS, remove);
  }

  async #shows({ chat, room }: Question, text: string): Promise<void> {
    const isThere = () => chat.botMessages(room).some((message) => reaches(this.#world.reads(message), text));
    await chat.until("the beginning is shown", isThere, PATIENCE_MS);
  }

  async #answered(question: Question): Promise<void> {
    const isAnswered = () => this.#questions.outcomesOf([question])[0] === "answered";
    await question.chat.until(`the answer to "${question.text}"`, isAnswered, PATIENCE_MS);
  }
}
