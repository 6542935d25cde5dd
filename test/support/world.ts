import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { Person, Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import { type Answer, type CozeEmulator, type Dialect, startCozeEmulator } from "../../src/playground/coze/index.ts";
import { type DiscordEmulator, startDiscordEmulator } from "../../src/playground/discord/index.ts";
import { limitProfiles, startTelegramEmulator, type TelegramEmulator } from "../../src/playground/telegram/index.ts";
import { type BridgeProcess, freshDatabasePath, startBridge } from "./bridge-process.ts";
import type { FastTime } from "./fast-time.ts";
import { read } from "./reading.ts";

export type PlatformName = "telegram" | "discord";
export type ModeName = "agent" | "chatflow-app" | "chatflow-bot";

export const platformNames: readonly PlatformName[] = ["telegram", "discord"];
export const modeNames: readonly ModeName[] = ["agent", "chatflow-app", "chatflow-bot"];

/** A chat platform; `name` tells which, for what only one of them has. */
export type Chat = TelegramEmulator | DiscordEmulator;

/** Coze, one chat platform and the bridge between them: emulators on real sockets, the bridge in its own process. */
export interface World {
  readonly coze: CozeEmulator;
  readonly chat: Chat;
  readonly environment: Readonly<Record<string, string>>;
  readonly bridge: BridgeProcess;
  /** Replaces the bridge, after it was stopped or killed, by a new process on the same database. */
  restart(): Promise<void>;
  /** A new person and their private chat with the bot. */
  someone(profile?: { readonly name?: string; readonly locale?: string }): { person: Person; room: Room };
  /** The name under which Coze knows a person, as long as no other rule is set. */
  sessionName(person: Person): string;
  /** Says something and resolves with the bot's next message in the room as soon as it is there, and reads `answer`. */
  ask(person: Person, room: Room, text: string, answer?: string): Promise<ShownMessage>;
  /** Resolves when the person's last turn is over for the bridge too, which is a moment after its answer is to be seen. */
  ended(person: Person): Promise<void>;
  /** All that stands in the database's files, as text. */
  storedBytes(): Promise<string>;
  /** What a person reads in a message: its text without markup. */
  reads(message: ShownMessage): string;
  /** Resolves with the bot's message in the room that reads exactly `text`, once there is one. */
  hears(room: Room, text: string): Promise<ShownMessage>;
  /** Resolves with the text of the bot's messages after `from`, joined, once `condition` accepts it. */
  shown(room: Room, condition: (text: string) => boolean, from?: number): Promise<string>;
}

export interface WorldOptions {
  readonly platform: PlatformName;
  readonly mode?: ModeName;
  /** Whose Coze it is: default the hosted service; `studio` is the self-hosted server, with a token for everyone. */
  readonly dialect?: Dialect;
  readonly environment?: Readonly<Record<string, string>>;
  /** The time that emulators and bridge live in. Default: the world's. */
  readonly time?: FastTime;
  /** Default: none. */
  readonly limits?: ChatOptions["limits"];
}

export interface ChatOptions {
  readonly clock?: Clock;
  /** Whether the platform limits calls as its documentation says. Default: not at all. */
  readonly limits?: "off" | "documented";
  /** Whether Discord's portal lets the bot read what is said to others. Default: not. */
  readonly messageContentIntent?: boolean;
}

/**
 * Defines a suite for each platform, with one world for its tests. After each test the emulators behave as usual again,
 * and nothing secret may have been printed.
 */
export function describeEachPlatform(
  title: string,
  options: Omit<WorldOptions, "platform">,
  define: (world: () => World, platform: PlatformName) => void,
): void {
  describe.each(platformNames)(`${title} (%s${options.mode ? `, ${options.mode}` : ""})`, (platform) => {
    let current: StartedWorld | undefined;
    beforeAll(async () => {
      current = await startWorld({ ...options, platform });
    });
    afterEach(() => current?.endTest());
    afterAll(() => current?.close());
    define(() => {
      if (!current) throw new Error("the world exists inside tests only");
      return current;
    }, platform);
  });
}

/** The same for each platform and each way to run an agent on Coze. */
export function describeEachMode(
  title: string,
  define: (world: () => World, platform: PlatformName, mode: ModeName) => void,
): void {
  for (const mode of modeNames) {
    describeEachPlatform(title, { mode }, (world, platform) => define(world, platform, mode));
  }
}

export async function startChat(platform: PlatformName, options: ChatOptions = {}): Promise<Chat> {
  const { clock = systemClock, limits = "off", messageContentIntent = false } = options;
  if (platform === "discord") {
    return await startDiscordEmulator({ clock, limits: limits === "off" ? limits : "A", messageContentIntent });
  }
  return await startTelegramEmulator({ clock, limits: limits === "off" ? limits : limitProfiles.documented });
}

export async function startWorld(options: WorldOptions): Promise<StartedWorld> {
  const { time, limits = "off" } = options;
  const clock = time?.clock ?? systemClock;
  const coze = await startCozeEmulator({ clock, dialect: options.dialect ?? "hosted" });
  const messageContentIntent = options.environment?.DISCORD_MESSAGE_CONTENT === "true";
  const chat = await startChat(options.platform, { clock, limits, messageContentIntent });
  const environment = {
    ...coze.environment(options.mode ?? "agent"),
    ...chat.environment,
    DATABASE_PATH: freshDatabasePath(),
    // Buttons take a call of their own at the end of an answer that stands whole already.
    BUTTONS: "none",
    ...time?.environment,
    ...options.environment,
  };
  const world = new StartedWorld(coze, chat, environment);
  await world.restart();
  return world;
}

export class StartedWorld implements World {
  readonly coze: CozeEmulator;
  readonly chat: Chat;
  readonly environment: Readonly<Record<string, string>>;
  readonly #bridges: BridgeProcess[] = [];
  readonly #usualAnswer: Answer;

  constructor(coze: CozeEmulator, chat: Chat, environment: Readonly<Record<string, string>>) {
    this.coze = coze;
    this.chat = chat;
    this.environment = environment;
    this.#usualAnswer = inOnePiece(coze.answer);
    coze.answer = this.#usualAnswer;
  }

  get bridge(): BridgeProcess {
    const last = this.#bridges.at(-1);
    if (!last) throw new Error("the bridge was not started");
    return last;
  }

  async restart(): Promise<void> {
    this.#bridges.push(await startBridge(this.environment));
  }

  someone(profile?: { readonly name?: string; readonly locale?: string }): { person: Person; room: Room } {
    const person = this.chat.addPerson(profile);
    return { person, room: this.chat.privateRoom(person) };
  }

  sessionName(person: Person): string {
    return `${this.chat.name}:${person.id}`;
  }

  async ask(person: Person, room: Room, text: string, answer?: string): Promise<ShownMessage> {
    const before = this.chat.botMessages(room).length;
    this.chat.say(person, room, text, { mention: room.kind !== "private" });
    return await this.chat.until(`the answer "${answer ?? ""}" to "${text}"`, () => {
      const next = this.chat.botMessages(room)[before];
      return next && (answer === undefined || this.reads(next) === answer) ? next : undefined;
    });
  }

  async hears(room: Room, text: string): Promise<ShownMessage> {
    return await this.chat.until(`the bot says "${text}"`, () =>
      this.chat.botMessages(room).find((message) => this.reads(message) === text),
    );
  }

  async ended(person: Person): Promise<void> {
    const own = this.coze.conversations.filter(({ sessionName }) => sessionName === this.sessionName(person));
    const last = own.at(-1)?.messages.at(-1)?.chatId;
    await this.bridge.logged("turn ended", ({ chatId }) => chatId === last);
  }

  async storedBytes(): Promise<string> {
    const path = this.environment.DATABASE_PATH ?? "";
    const files = (await readdir(dirname(path))).map((name) => join(dirname(path), name));
    const contents = await Promise.all(files.map((file) => readFile(file, "latin1")));
    return contents.join("");
  }

  reads(message: ShownMessage): string {
    return read(this.chat.name, message).text;
  }

  async shown(room: Room, condition: (text: string) => boolean, from = 0): Promise<string> {
    const read = () =>
      this.chat
        .botMessages(room)
        .slice(from)
        .map(({ text }) => text)
        .join("\n");
    return await this.chat.until("the bot's words", () => condition(read()) && (read() || " "));
  }

  /** What a test planned for the emulators ends with it. */
  endTest(): void {
    this.coze.answer = this.#usualAnswer;
    this.coze.faults.clear();
    this.chat.faults.clear();
    this.assertDiscretion();
  }

  /** Throws when a secret stands in anything that the bridge printed. */
  assertDiscretion(): void {
    const printed = this.#bridges.map((bridge) => bridge.output()).join("\n");
    for (const [name, secret] of Object.entries(this.#secrets())) {
      if (printed.includes(secret)) throw new Error(`the bridge printed ${name}`);
    }
    const token = /\b(czs_|eyJhbGciOi)\S+/.exec(printed);
    if (token) throw new Error(`the bridge printed a token: ${token[0].slice(0, 12)}…`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#bridges.map((bridge) => bridge.kill()));
    await Promise.all([this.coze.close(), this.chat.close()]);
  }

  #secrets(): Record<string, string> {
    const { TELEGRAM_BOT_TOKEN, DISCORD_TOKEN, COZE_API_TOKEN, COZE_JWT_OAUTH_PRIVATE_KEY } = this.environment;
    // A line in the middle of the PEM: the first and last are the same for every key.
    const keyLine = COZE_JWT_OAUTH_PRIVATE_KEY?.split(/\\n|\n/)[3];
    const all = { TELEGRAM_BOT_TOKEN, DISCORD_TOKEN, COZE_API_TOKEN, COZE_JWT_OAUTH_PRIVATE_KEY: keyLine };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])));
  }
}

/** Such an answer takes a single call to show, so that a short talk never waits for its chat's rate limit. */
function inOnePiece(answer: Answer): Answer {
  return (question) => {
    const pieces = answer(question).map((step) => (step.do === "delta" ? step.text : ""));
    return [{ do: "delta", text: pieces.join("") }];
  };
}
