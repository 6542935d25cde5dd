import { pause, systemClock } from "../../clock.ts";
import type { CozeEmulator, StoredFile } from "../coze/index.ts";
import type { Exchange } from "../exchange.ts";
import { lightQuestion, pictureSeen, wayOfPicture, whichWay, wordsAround } from "./picture-talk.ts";
import { PATIENCE_MS, type Scene } from "./scene.ts";
import { type Light, lights, sunset, teapotIn } from "./teapot.ts";
import { inexact, visibleText } from "./visible-text.ts";

const caption = "What is this?";
const [chosen] = lights as readonly [Light, ...Light[]];
/** What Ann asks, one after the other. */
const asked = [caption, chosen.title, whichWay];

/** A person's pause before they press a button. */
const READING_MS = 1200;

/** A picture goes to the agent, a button answers the question of its flow, a picture comes back, another button asks on. */
export const pictureScene: Scene = {
  title: "A picture",
  grows: true,
  play: async (exchange, coze) => {
    exchange.send(teapotIn(sunset), caption);
    for (const label of [chosen.title, whichWay]) {
      if (!(await exchange.until(() => exchange.offered().includes(label), PATIENCE_MS))) return;
      await pause(systemClock, READING_MS);
      exchange.press(label);
    }
    await exchange.until(() => wrongWords(exchange, coze).length === 0, PATIENCE_MS);
  },
  mistakes: (exchange, coze) => [
    ...wrongWords(exchange, coze),
    ...wrongUpload(uploaded(exchange, coze)),
    ...wrongPicture(exchange),
    ...wrongQuestions(exchange, coze),
  ],
};

/** Files stand above the text of their message. */
function wrongWords(exchange: Exchange, coze: CozeEmulator): string[] {
  const messages = exchange.answers().map(({ media, last }) => ({ media, text: visibleText(last.text) }));
  const at = messages.findIndex(({ media }) => media.length > 0);
  const textOf = (some: typeof messages) => some.map(({ text }) => text).join("");
  const [file = { name: "", bytes: new Uint8Array() }] = uploaded(exchange, coze);
  const { before, behind } = wordsAround(chosen);
  if (at < 0) return ["there is no picture"];
  return [
    ...inexact(textOf(messages.slice(0, at)), visibleText(pictureSeen(file, "teapots") + lightQuestion + before)),
    ...inexact(textOf(messages.slice(at)), visibleText(behind + wayOfPicture)),
  ];
}

function uploaded({ seat }: Exchange, coze: CozeEmulator): readonly StoredFile[] {
  return coze.files.filter(({ owner }) => owner.sessionName === seat.sessionName);
}

function wrongUpload(files: readonly StoredFile[]): string[] {
  if (files.length !== 1) return [`Coze got ${files.length} files, not one`];
  return files.every(({ bytes }) => isSame(bytes, teapotIn(sunset).bytes)) ? [] : ["the agent got other bytes"];
}

function wrongPicture(exchange: Exchange): string[] {
  const files = exchange.answers().flatMap(({ media }) => media);
  if (files.length > 1) return [`there are ${files.length} pictures, not one`];
  const isRight = files.every(({ kind, bytes }) => kind === "image" && isSame(bytes, teapotIn(chosen).bytes));
  return isRight ? [] : ["the picture is not the agent's"];
}

/** Every question was asked once, and all in one conversation. */
function wrongQuestions({ seat }: Exchange, coze: CozeEmulator): string[] {
  const mine = coze.conversations.filter(({ sessionName }) => sessionName === seat.sessionName);
  const questions = mine
    .map(({ messages }) => messages.filter(({ role, text }) => role === "user" && asked.includes(text)))
    .map((messages) => messages.map(({ text }) => text))
    .filter((texts) => texts.length > 0);
  if (JSON.stringify(questions) === JSON.stringify([asked])) return [];
  return [`the agent was asked ${questions.map((texts) => texts.join(", ")).join("; in another conversation ")}`];
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
