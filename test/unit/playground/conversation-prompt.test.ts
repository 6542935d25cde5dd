import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConversationPrompt } from "../../../src/playground/conversation-prompt.ts";
import { type Emulators, startEmulators } from "../../../src/playground/emulators.ts";
import { Keyboard } from "../../../src/playground/terminal/keyboard.ts";
import { Screen } from "../../../src/playground/terminal/screen.ts";
import { TerminalModel } from "./terminal-model.ts";

let emulators: Emulators;
let input: PassThrough;
let terminal: TerminalModel;
let keyboard: Keyboard;
let interrupted: AbortController;
let ended: Promise<void>;

beforeEach(async () => {
  emulators = await startEmulators();
  input = new PassThrough();
  terminal = new TerminalModel(80, 24);
  interrupted = new AbortController();
  keyboard = new Keyboard(input, () => interrupted.abort());
  const { seats, coze } = emulators;
  ended = new ConversationPrompt({ seats, coze, screen: new Screen(terminal), keyboard }).run(interrupted.signal);
});
afterEach(async () => {
  interrupted.abort();
  await ended;
  keyboard.close();
  await emulators.close();
});

const said = (index: 0 | 1) => {
  const { chat, room } = emulators.seats[index];
  return chat.messages(room).map(({ text }) => text);
};
const type = (text: string) => input.write(text);

test("what is typed is said on Telegram, and on Discord after /discord", async () => {
  type("hello 王小明\r/discord\rhi\r/telegram\rbye\r");
  await emulators.telegram.until("both lines", () => said(0).length === 2);
  expect([said(0), said(1)]).toEqual([["hello 王小明", "bye"], ["hi"]]);
  expect(terminal.all.join("\n")).toContain("Telegram  Ann  hello 王小明");
});

test("the line being typed is shown behind the platform's name, with the cursor", async () => {
  type("中文 ab");
  await emulators.coze.until("the keys", () => true);
  await new Promise(setImmediate);
  expect(terminal.visible.at(-1)).toBe("telegram> 中文 ab");
  expect(terminal.column).toBe("telegram> ".length + 7);
});

test("a command goes to the bot in the platform's own way", async () => {
  type("/new\r");
  await emulators.telegram.until("the command", () => said(0).includes("/new"));
  expect(emulators.telegram.pendingUpdates).toBe(1);
});

test("/picture sends a picture with words, which the screen tells", async () => {
  type("/picture\r/picture And this?\r");
  await emulators.telegram.until("both", () => said(0).length === 2);
  const [{ chat, room }] = emulators.seats;
  expect(chat.messages(room)).toMatchObject([
    { text: "What is this?", media: [{ name: "teapot.png" }] },
    { text: "And this?", media: [{ name: "teapot.png" }] },
  ]);
  expect(terminal.all.join("\n")).toMatch(/Ann {2}\[picture teapot\.png, \d kB\] And this\?/);
});

test.each(["/press 2", "/press No"])("%s presses a button, which the screen shows", async (line) => {
  type("hello\r");
  await emulators.telegram.until("the line", () => said(0).length === 1);
  const [{ chat, room }] = emulators.seats;
  const inline_keyboard = [[{ text: "Yes", callback_data: "1" }], [{ text: "No", callback_data: "2" }]];
  await fetch(`${emulators.telegram.apiRoot}/bot${emulators.telegram.token}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: Number(room.id), text: "Sure?", reply_markup: { inline_keyboard } }),
  });
  await chat.until("the question", () => chat.botMessages(room).length === 1);
  const before = emulators.telegram.pendingUpdates;
  type(`${line}\r`);
  await chat.until("the press", () => emulators.telegram.pendingUpdates > before);
  const screen = terminal.all.map((row) => row.trim()).join("\n");
  expect(screen).toMatch(/Sure\?\n\[ Yes \]\n\[ No \]\n/);
  expect(screen).toMatch(/Ann {2}presses \[ No \]\n/);
});

test("a press without a button is told", async () => {
  type("/press 1\r");
  await new Promise(setImmediate);
  expect(terminal.all.join("\n")).toContain("There is no button to press.");
});

test("what a platform's app would not do is told", async () => {
  type("/discord\r/new\r");
  await new Promise(setImmediate);
  expect(terminal.all.join("\n")).toContain('The bot offers no /new in "Ann".');
});

test("as long as no bridge has come, that is told", async () => {
  type("hello\r");
  await emulators.telegram.until("the line", () => said(0).length === 1);
  expect(terminal.all.join("\n")).toContain("No bridge has connected to Telegram yet.");
});

test.each([
  ["/quit", "/quit\r"],
  ["Ctrl-D", "\x04"],
  ["Ctrl-C", "\x03"],
])("%s ends it, and what was said stays on the screen", async (_, keys) => {
  type("hello\r");
  await emulators.telegram.until("the line", () => said(0).length === 1);
  type(keys);
  await ended;
  expect(terminal.all.join("\n")).toContain("Telegram  Ann  hello");
});
