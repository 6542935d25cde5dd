import { afterEach, beforeEach, expect, test } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { demoAgent } from "../../../src/playground/demo/agent.ts";
import { pictureScene } from "../../../src/playground/demo/picture-scene.ts";
import { type PictureServer, startPictureServer } from "../../../src/playground/demo/picture-server.ts";
import { resultOf } from "../../../src/playground/demo/result.ts";
import { sunset, teapotIn } from "../../../src/playground/demo/teapot.ts";
import { Exchange } from "../../../src/playground/exchange.ts";
import { Seat } from "../../../src/playground/seat.ts";
import { startTelegramEmulator, type TelegramEmulator } from "../../../src/playground/telegram/index.ts";
import { emulatedClient } from "../coze/emulated-client.ts";

let coze: CozeEmulator;
let telegram: TelegramEmulator;
let pictures: PictureServer;
let exchange: Exchange;

beforeEach(async () => {
  coze = await startCozeEmulator();
  pictures = await startPictureServer(0);
  const agent = demoAgent(pictures.url);
  // As fast as it can.
  coze.answer = (question) => agent(question).filter((step) => step.do !== "pause");
  telegram = await startTelegramEmulator({ limits: "off" });
  exchange = new Exchange(new Seat(telegram, { title: "Telegram", maxLength: 4096, locale: "en" }));
});
afterEach(() => Promise.all([coze.close(), telegram.close(), pictures.close()]));

/** What the bot by hand does, where it differs from what it should. */
interface Flaws {
  readonly uploads?: readonly Uint8Array[];
  readonly picture?: Uint8Array;
  readonly pictureLast?: boolean;
  readonly answersTwice?: boolean;
  readonly losesMemory?: boolean;
}

const signal = new AbortController().signal;
let conversationId: string | undefined;

/** One question to the agent; resolves with its answer messages. */
async function ask(text: string, fileIds: readonly string[] = []): Promise<string[]> {
  const { sessionName } = exchange.seat;
  const files = fileIds.map((fileId) => ({ kind: "image", fileId }) as const);
  const known = conversationId === undefined ? {} : { conversationId };
  const answer: string[] = [];
  for await (const event of emulatedClient(coze, "agent").ask({ sessionName, text, files, ...known }, signal)) {
    if (event.type === "created") conversationId = event.conversationId;
    if (event.type === "message") answer.push(event.text);
    if (event.type === "follow-up") answer.push(event.text);
  }
  return answer;
}

/** Uploads what a bot got. */
async function upload(bytes: Uint8Array): Promise<string> {
  const open = () => Promise.resolve(new Blob([new Uint8Array(bytes)]).stream());
  return await emulatedClient(coze, "agent").upload(exchange.seat.sessionName, { name: "photo.png", open }, signal);
}

/** A bot's call; values that are bytes are files. */
async function call(method: string, fields: Readonly<Record<string, unknown>>): Promise<number> {
  const form = new FormData();
  form.set("chat_id", exchange.seat.room.id);
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) form.set(name, new Blob([new Uint8Array(value)]), "picture.png");
    else form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const response = await fetch(`${telegram.apiRoot}/bot${telegram.token}/${method}`, { method: "POST", body: form });
  return ((await response.json()) as { result: { message_id: number } }).result.message_id;
}

async function say(text: string, ...buttons: string[]): Promise<number> {
  const inline_keyboard = buttons.map((label) => [{ text: label, callback_data: label }]);
  return await call("sendMessage", { text, reply_markup: { inline_keyboard } });
}

/** Both sides of the scene, without Ann's pauses. */
async function perform(flaws: Flaws = {}): Promise<void> {
  conversationId = undefined;
  await ask("My name is Ann, and I collect teapots.");
  const { bytes } = teapotIn(sunset);
  exchange.send(teapotIn(sunset), "What is this?");
  const fileIds: string[] = [];
  for (const uploaded of flaws.uploads ?? [bytes]) fileIds.push(await upload(uploaded));
  const [seen = "", question = ""] = await ask("What is this?", fileIds.slice(0, 1));
  const first = await call("sendMessage", { text: "This" });
  const inline_keyboard = [[{ text: "By moonlight", callback_data: "1" }]];
  await call("editMessageText", {
    message_id: first,
    text: `${seen}\n\n${question}`,
    reply_markup: { inline_keyboard },
  });

  exchange.press("By moonlight");
  if (flaws.losesMemory) conversationId = undefined;
  const [shown = "", suggested = ""] = await ask("By moonlight");
  const [before = "", address = "", behind = ""] = shown.split(/\n\n!\[.*\]\((.*)\)\n\n/);
  const picture = flaws.picture ?? new Uint8Array(await (await fetch(address)).arrayBuffer());
  await say(before);
  if (!flaws.pictureLast) await call("sendPhoto", { photo: picture });
  await say(behind, suggested);
  if (flaws.pictureLast) await call("sendPhoto", { photo: picture });

  exchange.press(suggested);
  const [last = ""] = await ask(suggested);
  if (flaws.answersTwice) await ask(suggested);
  await say(last);
}

const problems = () => resultOf(pictureScene, exchange, coze).problems;

test("a scene in which everything is right has no problems", async () => {
  await perform();
  expect(problems()).toEqual([]);
});

test("both sides are told in words, with files and buttons", async () => {
  await perform();
  const said = exchange.entries().flatMap((entry) => (entry.by === "Ann" ? [entry.text] : []));
  expect(said).toEqual([
    expect.stringMatching(/^\[picture teapot\.png, \d kB\] What is this\?$/),
    "presses [ By moonlight ]",
    "presses [ How did the picture get here? ]",
  ]);
});

const changed = new Uint8Array(teapotIn(sunset).bytes).with(-20, 0);

test.each<[string, Flaws, unknown]>([
  ["no upload", { uploads: [] }, expect.arrayContaining(["Coze got 0 files, not one"])],
  ["a second upload", { uploads: [teapotIn(sunset).bytes, changed] }, ["Coze got 2 files, not one"]],
  ["an upload of other bytes", { uploads: [changed] }, ["the agent got other bytes"]],
  ["another picture", { picture: changed }, ["the picture is not the agent's"]],
  ["a picture in another place", { pictureLast: true }, [expect.stringContaining("Thesamepot"), expect.anything()]],
  [
    "a question that is asked twice",
    { answersTwice: true },
    [expect.stringMatching(/^the agent was asked .*here\?, How/)],
  ],
  ["another conversation", { losesMemory: true }, [expect.stringContaining("in another conversation By moonlight")]],
])("%s is a problem", async (_, flaws, expected) => {
  await perform(flaws);
  expect(problems()).toEqual(expected);
});

test("without the picture something is missing", async () => {
  exchange.send(teapotIn(sunset), "What is this?");
  await say("Sorry.");
  expect(problems()).toContain("there is no picture");
});
