import { words } from "../../locale/locale.ts";
import type { CozeEmulator } from "../coze/index.ts";
import type { Exchange } from "../exchange.ts";
import { countedStars, greeting, memoryOf, noMemory } from "./agent.ts";
import { longAnswer } from "./long-answer.ts";
import { pictureScene } from "./picture-scene.ts";
import { PATIENCE_MS, type Scene } from "./scene.ts";
import { inexact, visibleText } from "./visible-text.ts";

const bridgeWords = words("en");

export const scenes: readonly Scene[] = [
  question("First words", "Hello! My name is Ann, and I collect teapots. 🍵", greeting("Ann", "teapots")),
  question("Memory", "What is my name, and what do I collect?", memoryOf("Ann", "teapots")),
  question("A long answer", "Give me a long answer, with code, 还要有中文。", longAnswer),
  pictureScene,
  command("A new start", "new", bridgeWords.newDone),
  question("Nothing remembered", "What is my name?", noMemory),
  stop("A stop", "Count the stars, all of them!", countedStars),
];

function question(title: string, text: string, answer: string): Scene {
  const expected = visibleText(answer);
  return {
    title,
    grows: true,
    play: async (exchange) => {
      exchange.say(text);
      await exchange.until(() => shownBy(exchange) === expected, PATIENCE_MS);
    },
    mistakes: (exchange) => inexact(shownBy(exchange), expected),
  };
}

function command(title: string, name: string, reply: string): Scene {
  const expected = visibleText(reply);
  return {
    title,
    grows: false,
    play: async (exchange) => {
      exchange.command(name);
      await exchange.until(() => shownBy(exchange) === expected, PATIENCE_MS);
    },
    mistakes: (exchange) => inexact(shownBy(exchange), expected),
  };
}

/** An answer without end, and a person who has had enough. */
function stop(title: string, text: string, answer: string): Scene {
  const counted = visibleText(answer);
  const mark = visibleText(bridgeWords.stoppedHere);
  const reply = visibleText(bridgeWords.stopDone);
  return {
    title,
    grows: true,
    play: async (exchange, coze) => {
      exchange.say(text);
      if (!(await exchange.until(() => shownBy(exchange).length > ENOUGH, PATIENCE_MS))) return;
      exchange.command("stop");
      const isOver = () => endings(exchange).every((ending, index) => ending.endsWith([mark, reply][index] ?? ""));
      if (!(await exchange.until(() => exchange.answers().length === 2 && isOver(), PATIENCE_MS))) return;
      await coze.until("the cancelled run", () => runsOn(exchange, coze).length === 0, PATIENCE_MS).catch(() => false);
    },
    mistakes: (exchange, coze) => {
      const [stopped = "", said = ""] = endings(exchange);
      const part = stopped.endsWith(mark) ? stopped.slice(0, -mark.length) : stopped;
      return [
        ...inexact(part, counted.slice(0, part.length)),
        ...(stopped.endsWith(mark) ? [] : [`the stopped answer does not end with "${bridgeWords.stoppedHere}"`]),
        ...inexact(said, reply),
        ...(part.length > ENOUGH ? [] : ["the answer was not under way when it was stopped"]),
        ...runsOn(exchange, coze),
      ];
    },
  };
}

/** Characters of an endless answer that a person bears. */
const ENOUGH = 300;

function endings(exchange: Exchange): string[] {
  return exchange.answers().map(({ last }) => visibleText(last.text));
}

function shownBy(exchange: Exchange): string {
  return endings(exchange).join("");
}

/** What still speaks against the end of a stopped run on Coze. */
function runsOn({ seat, startedAt }: Exchange, coze: CozeEmulator): string[] {
  const owner = seat.sessionName;
  const mine = coze.requests.filter(({ at, sessionName }) => at >= startedAt && sessionName === owner);
  const isLeft = mine.some(({ path, aborted }) => path === "/v3/chat" && aborted);
  const isCancelled = mine.some(({ path, status }) => path === "/v3/chat/cancel" && status === 200);
  const isRunning = coze.conversations.some(({ sessionName, isRunning }) => sessionName === owner && isRunning);
  return [
    ...(isLeft ? [] : ["the stream from Coze was not hung up"]),
    ...(isCancelled ? [] : ["the run was not cancelled on Coze"]),
    ...(isRunning ? ["the run goes on at Coze"] : []),
  ];
}
