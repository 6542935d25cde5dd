import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../../src/playground/coze/index.ts";
import { freshFolder } from "../support/bridge-process.ts";
import { type FastTime, startFastTime } from "../support/fast-time.ts";
import { readLedger, unfinishedTurns } from "../support/ledger.ts";
import { type LinkServer, startLinkServer } from "../support/link-server.ts";
import { isHonest, type Outcome } from "../support/outcome.ts";
import { type Plan, type Question, Questions, type Somebody } from "../support/questions.ts";
import { type ModeName, type PlatformName, type StartedWorld, startWorld } from "../support/world.ts";
import { startTool, type Tool, toolName } from "./tool.ts";

/** How much faster than the world's time runs here: a start of the bridge, half a second of work, takes five seconds. */
const FACTOR = 10;

/** Half-written messages may stand for so long after a start, in milliseconds. */
const RECOVERY_MS = 30_000;

/**
 * What a start takes on a machine that has time for it. On one that is busy everything takes longer in this time, so that
 * the limit for what follows a start is longer by as much as the start was.
 */
const USUAL_START_MS = 10_000;

/** From a message's coming into being until the bridge has taken note of it, in milliseconds: 30 of the world's. */
const UNKNOWN_MS = 300;

/** What became of some turns after a start. */
export interface Recovery {
  readonly outcomes: readonly Outcome[];
  /** From the start of the process to the moment when it was ready, in milliseconds. */
  readonly startMs: number;
  /** From then until every outcome was honest, in milliseconds; as a rule at most {@link RECOVERY_MS}. */
  readonly recoveryMs: number;
}

/** A world in which the bridge is killed again and again. */
export class Stage {
  readonly world: StartedWorld;
  /** Has the pictures of answers. */
  readonly links: LinkServer;
  readonly tool: Tool;
  readonly time: FastTime;
  readonly questions: Questions;
  readonly #killedAt: number[] = [];

  /** Opens a stage for as long as `play` takes. */
  static async use(platform: PlatformName, mode: ModeName, play: (stage: Stage) => Promise<void>): Promise<void> {
    const time = startFastTime(FACTOR);
    const [links, tool] = await Promise.all([startLinkServer(), startTool()]);
    const world = await startWorld({ platform, mode, time, environment: environmentOf(links, tool) });
    try {
      await play(new Stage({ world, time, links, tool }));
    } finally {
      await Promise.all([world.close(), links.close(), tool.close()]);
    }
    world.assertDiscretion();
  }

  constructor({ world, time, links, tool }: Pick<Stage, "world" | "time" | "links" | "tool">) {
    this.world = world;
    this.time = time;
    this.links = links;
    this.tool = tool;
    this.questions = new Questions(world.coze);
  }

  get ledger(): string {
    return this.world.environment.DATABASE_PATH ?? "";
  }

  someone(): Somebody {
    return { chat: this.world.chat, ...this.world.someone() };
  }

  ask(words: number, script: (answer: string) => Script, by = this.someone()): Question {
    return this.questions.ask(by, words, script);
  }

  put(plan: (mark: string) => Plan, by = this.someone()): Question {
    return this.questions.put(by, plan);
  }

  /**
   * Resolves when questions have been taken in, where they would be lost otherwise: Discord tells a new process nothing of a
   * chat that it does not know. On Telegram what was not taken in comes again.
   */
  async heard(turns: readonly Question[]): Promise<void> {
    if (this.world.chat.name !== "discord") return;
    const names = turns.map(({ person }) => this.world.sessionName(person));
    const areHeard = () =>
      names.every((name) => readLedger(this.ledger).some(({ sessionName }) => sessionName === name));
    while (!areHeard()) await this.time.pass(100);
  }

  async kill(): Promise<void> {
    this.#killedAt.push(this.time.clock.now());
    await this.world.bridge.kill();
  }

  /** Starts the bridge, which was killed, and waits until these turns are over or {@link RECOVERY_MS} have passed. */
  async recover(turns: readonly Question[]): Promise<Recovery> {
    const { clock } = this.time;
    const startMs = await this.#start();
    const readyAt = clock.now();
    const limitMs = RECOVERY_MS * Math.max(1, startMs / USUAL_START_MS);
    const isOver = () => this.questions.outcomesOf(turns).every(isHonest);
    await this.world.chat.until("all turns are over", isOver, this.time.real(limitMs)).catch(() => undefined);
    return { outcomes: this.questions.outcomesOf(turns), startMs, recoveryMs: clock.now() - readyAt };
  }

  /** Starts the bridge, which was killed, and lets it work for so long, in milliseconds. */
  async recoverFor(ms: number): Promise<Recovery> {
    const startMs = await this.#start();
    await this.time.pass(ms);
    return { outcomes: [], startMs, recoveryMs: 0 };
  }

  /**
   * Whether a kill fell between the sending of a message to Telegram and its record: the one moment of which the next
   * process can't know, so that a piece of the answer may stay behind.
   */
  fellIntoSend({ room }: Question): boolean {
    const { chat } = this.world;
    const sentAt = chat.botMessages(room).flatMap(({ revisions: [first] }) => first?.at ?? []);
    const isWithin = (at: number) => this.#killedAt.some((kill) => kill >= at && kill - at <= UNKNOWN_MS);
    return chat.name === "telegram" && sentAt.some(isWithin);
  }

  /** Turns without an end in the ledger. */
  get unfinished(): number {
    return unfinishedTurns(this.ledger).length;
  }

  /** What Coze was troubled with beyond one run for each question. */
  repetitionsOf(turns: readonly Question[]): { readonly askedAgain: number; readonly ranTwice: number } {
    const askedAgain = turns.reduce((sum, turn) => sum + this.questions.timesAgain(turn), 0);
    return { askedAgain, ranTwice: turns.filter((turn) => this.questions.runsOf(turn) > 1).length };
  }

  /** Resolves with how long the bridge took to be ready. */
  async #start(): Promise<number> {
    const startedAt = this.time.clock.now();
    await this.world.restart();
    return this.time.clock.now() - startedAt;
  }
}

/** Lets the bridge have the pictures and the tool, and speak to those who speak to it. */
function environmentOf({ host }: LinkServer, { url }: Tool): Readonly<Record<string, string>> {
  const file = join(freshFolder(), "tools.json");
  writeFileSync(file, JSON.stringify({ tools: { [toolName]: { url } } }));
  return {
    MEDIA_PRIVATE_HOSTS: host,
    TOOLS_FILE: file,
    VOICE_ANSWERS: "to-voice",
    COZE_VOICE_ID: "7426725529589596187",
  };
}
