import { type CozeEmulator, startCozeEmulator } from "../../src/playground/coze/index.ts";
import { type BridgeProcess, freshDatabasePath, type LogLine, startBridge } from "../support/bridge-process.ts";
import { type FastTime, startFastTime } from "../support/fast-time.ts";
import { unfinishedTurns } from "../support/ledger.ts";
import { Questions, type Somebody } from "../support/questions.ts";
import { type Chat, platformNames, startChat } from "../support/world.ts";

/** Of a process whose garbage was just collected: bytes, and open files. */
export interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
  readonly files: number;
}

/** One bridge between Coze and both platforms, with limits as documented, and many people. */
export class Town {
  readonly time: FastTime;
  readonly coze: CozeEmulator;
  readonly chats: readonly Chat[];
  readonly questions: Questions;
  /** When the bridge was killed, in this time. */
  readonly killedAt: number[] = [];
  readonly #environment: Readonly<Record<string, string>>;
  readonly #bridges: BridgeProcess[] = [];

  static async open(factor: number): Promise<Town> {
    const time = startFastTime(factor);
    const { clock } = time;
    const coze = await startCozeEmulator({ clock });
    const chats = await Promise.all(platformNames.map((name) => startChat(name, { clock, limits: "documented" })));
    const town = new Town(time, coze, chats);
    await town.start();
    return town;
  }

  constructor(time: FastTime, coze: CozeEmulator, chats: readonly Chat[]) {
    this.time = time;
    this.coze = coze;
    this.chats = chats;
    this.questions = new Questions(coze);
    const report = new URL("../support/memory-report.mjs", import.meta.url);
    this.#environment = {
      ...coze.environment("agent"),
      ...Object.assign({}, ...chats.map((chat) => chat.environment)),
      NODE_OPTIONS: `${time.environment.NODE_OPTIONS} --import=${report.href}`,
      DATABASE_PATH: freshDatabasePath(),
      LOG_LEVEL: "info",
    };
  }

  /** How many processes there were so far. */
  get lives(): number {
    return this.#bridges.length;
  }

  get unfinished(): number {
    return unfinishedTurns(this.#environment.DATABASE_PATH ?? "").length;
  }

  /** People on both platforms by turns, four of five in private, the others in a group of their own. */
  people(count: number): Somebody[] {
    return Array.from({ length: count }, (_, index) => {
      const chat = this.chats[index % this.chats.length] as Chat;
      const person = chat.addPerson();
      const isAlone = index % 10 < 8;
      return { chat, person, room: isAlone ? chat.privateRoom(person) : chat.addGroup(`Group ${index}`, [person]) };
    });
  }

  async start(): Promise<void> {
    this.#bridges.push(await startBridge(this.#environment));
  }

  async kill(): Promise<void> {
    this.killedAt.push(this.time.clock.now());
    await this.#bridges.at(-1)?.kill();
  }

  async stop(): Promise<number | null> {
    return (await this.#bridges.at(-1)?.stop()) ?? null;
  }

  async memory(): Promise<Memory> {
    const bridge = this.#bridges.at(-1);
    const known = bridge?.logs().filter(isReport).length ?? 0;
    bridge?.signal("SIGUSR2");
    const report = await bridge?.logged("memory", (line) => Number(line.report) > known);
    return { heapUsed: Number(report?.heapUsed), rss: Number(report?.rss), files: Number(report?.files) };
  }

  /** What the bridges logged as errors. */
  errors(): readonly LogLine[] {
    return this.#bridges.flatMap((bridge) =>
      bridge.logs().filter(({ level }) => level === "error" || level === "fatal"),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#bridges.map((bridge) => bridge.kill()));
    await Promise.all([this.coze.close(), ...this.chats.map((chat) => chat.close())]);
  }
}

function isReport({ msg }: LogLine): boolean {
  return msg === "memory";
}
