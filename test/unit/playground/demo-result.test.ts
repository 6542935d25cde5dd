import { afterEach, beforeEach, expect, test } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { type Result, resultOf } from "../../../src/playground/demo/result.ts";
import type { Scene } from "../../../src/playground/demo/scene.ts";
import { scenes } from "../../../src/playground/demo/scenes.ts";
import { Exchange } from "../../../src/playground/exchange.ts";
import { Seat } from "../../../src/playground/seat.ts";
import { startTelegramEmulator, type TelegramEmulator } from "../../../src/playground/telegram/index.ts";

let coze: CozeEmulator;
let telegram: TelegramEmulator;
let exchange: Exchange;

beforeEach(async () => {
  coze = await startCozeEmulator();
  telegram = await startTelegramEmulator({ limits: "off" });
  exchange = new Exchange(new Seat(telegram, { title: "Telegram", maxLength: 4096, locale: "en" }));
  exchange.say("What is my name?");
});
afterEach(() => Promise.all([coze.close(), telegram.close()]));

const scene = (title: string): Scene => {
  const found = scenes.find((one) => one.title === title);
  if (!found) throw new Error(`no scene ${title}`);
  return found;
};
const memory = scene("Memory");
const answer = "Your name is Ann, and you collect teapots. 🍵";
const rest =
  "\n\nYou told me a moment ago. The bridge sent the id of our conversation along with your question, and Coze had kept the rest.";

/** The bot's side, by hand. */
async function call(method: string, parameters: object): Promise<{ readonly message_id: number }> {
  const body = JSON.stringify({ chat_id: Number(exchange.seat.room.id), ...parameters });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${telegram.apiRoot}/bot${telegram.token}/${method}`, { method: "POST", body, headers });
  return ((await response.json()) as { result: { message_id: number } }).result;
}

async function grow(first: string, last: string): Promise<void> {
  const { message_id } = await call("sendMessage", { text: first });
  await call("editMessageText", { message_id, text: last });
}

const resultNow = (of = memory): Result => resultOf(of, exchange, coze);

test("a right answer that grew has no problems", async () => {
  await grow(answer, answer + rest);
  expect(resultNow()).toMatchObject({ messages: 1, edits: 1, isExact: true, rateLimited: 0, problems: [] });
  expect(resultNow().firstTextMs).toBeGreaterThanOrEqual(0);
});

test("silence is a problem", () => {
  expect(resultNow()).toMatchObject({ isExact: false, firstTextMs: undefined });
  expect(resultNow().problems).toContain("the bot said nothing");
});

test("a lost end is a problem", async () => {
  await grow(answer, answer);
  expect(resultNow().problems[0]).toContain("the text is not the agent's: character");
});

test("a doubled message is a problem", async () => {
  await grow(answer, answer + rest);
  await call("sendMessage", { text: answer + rest });
  expect(resultNow()).toMatchObject({ isExact: false, messages: 2 });
});

test("an answer in one piece did not grow", async () => {
  await call("sendMessage", { text: answer + rest });
  expect(resultNow().problems).toEqual(["the answer did not grow: it came in one piece"]);
});

test("a call that the platform refuses is a problem", async () => {
  await grow(answer, answer + rest);
  await call("sendMessage", { text: "" });
  expect(resultNow().problems).toEqual(["Telegram refused: sendMessage (400)"]);
});

test("a message that was sent and taken back is a problem", async () => {
  const { message_id } = await call("sendMessage", { text: "…" });
  await call("deleteMessage", { message_id });
  await grow(answer, answer + rest);
  expect(resultNow().problems).toEqual(["3 calls for the 2 versions that were shown"]);
});

test("buttons come and go without a version", async () => {
  await grow(answer, answer + rest);
  const [message] = telegram.botMessages(exchange.seat.room);
  const inline_keyboard = [[{ text: "More", callback_data: "more" }]];
  await call("editMessageReplyMarkup", { message_id: Number(message?.id), reply_markup: { inline_keyboard } });
  expect(exchange.offered()).toEqual(["More"]);
  expect(resultNow()).toMatchObject({ edits: 1, problems: [] });
});

test("what comes after the exchange has ended is not a part of it", async () => {
  await grow(answer, answer + rest);
  exchange.end();
  await call("sendMessage", { text: "later" });
  expect(resultNow().messages).toBe(1);
});

test("a stop that only the chat knows of is a problem", async () => {
  const stars = Array.from({ length: 200 }, (_, index) => `${index + 1} ⭐`).join(" ");
  await grow("1 ⭐", `${stars}\n\n⏹ Stopped.`);
  await call("sendMessage", { text: "Stopped." });
  expect(resultNow(scene("A stop")).problems).toEqual([
    "the stream from Coze was not hung up",
    "the run was not cancelled on Coze",
  ]);
});
