import type { Message, Update } from "grammy/types";
import { afterEach } from "vitest";
import {
  startTelegramEmulator,
  type TelegramEmulator,
  type TelegramEmulatorOptions,
} from "../../../src/playground/telegram/index.ts";

/** An answer as it came over HTTP. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly ok: boolean;
    readonly result?: unknown;
    readonly error_code?: number;
    readonly description?: string;
    readonly parameters?: Readonly<Record<string, number>>;
  };
}

const running: TelegramEmulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** An emulator that is closed after the test. */
export async function emulate(options?: TelegramEmulatorOptions): Promise<TelegramEmulator> {
  const emulator = await startTelegramEmulator(options);
  running.push(emulator);
  return emulator;
}

export function urlOf(emulator: TelegramEmulator, method: string, token = emulator.token): string {
  return `${emulator.apiRoot}/bot${token}/${method}`;
}

/** Calls a method with a JSON body and shows the answer as it is. */
export async function call(emulator: TelegramEmulator, method: string, parameters: object = {}): Promise<RawAnswer> {
  const response = await fetch(urlOf(emulator, method), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(parameters),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as RawAnswer["body"] };
}

/** The result of a call that must succeed. */
export async function succeed<Result>(
  emulator: TelegramEmulator,
  method: string,
  parameters?: object,
): Promise<Result> {
  const { body } = await call(emulator, method, parameters);
  if (!body.ok) throw new Error(`${method}: ${body.description}`);
  return body.result as Result;
}

export function send(
  emulator: TelegramEmulator,
  chatId: number | string,
  text: string,
  more?: object,
): Promise<Message> {
  return succeed<Message>(emulator, "sendMessage", { chat_id: chatId, text, ...more });
}

let harmlessOffset = 0;

/** What waits for the bot now. Nothing is confirmed, and as the offset is never the same, nothing is slowed down. */
export function pendingUpdates(emulator: TelegramEmulator): Promise<Update[]> {
  harmlessOffset += 1;
  return succeed<Update[]>(emulator, "getUpdates", { offset: harmlessOffset, timeout: 0 });
}

/** A person who has written to the bot, so that it may write back. */
export function personInChat(emulator: TelegramEmulator, name = "Ann") {
  const person = emulator.addPerson({ name, locale: "en" });
  const room = emulator.privateRoom(person);
  const hello = emulator.say(person, room, "hello");
  return { person, room, hello, chatId: Number(person.id) };
}

/** Why a call was refused; nothing when it was not. */
export async function descriptionOf(
  emulator: TelegramEmulator,
  method: string,
  parameters: object,
): Promise<string | undefined> {
  return (await call(emulator, method, parameters)).body.description;
}

export async function lastMessage(emulator: TelegramEmulator): Promise<Message | undefined> {
  return (await pendingUpdates(emulator)).at(-1)?.message;
}

/** A group with Ann and Bob, where nothing was said yet. */
export async function inGroup() {
  const emulator = await emulate();
  const ann = emulator.addPerson({ name: "Ann" });
  const bob = emulator.addPerson({ name: "Bob" });
  const group = emulator.addGroup("Friends", [ann, bob]);
  return { emulator, ann, bob, group };
}
