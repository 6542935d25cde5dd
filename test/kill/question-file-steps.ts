import type { SentFile } from "../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { holdLedger, turnReaches } from "../support/ledger.ts";
import { markedText } from "../support/outcome.ts";
import { inOnePiece, type Question } from "../support/questions.ts";
import { pictureCalled } from "./illustrated-answer.ts";
import { spokenAnswer } from "./spoken-answer.ts";
import type { Stage } from "./stage.ts";
import { always, type Held, hang, hangApplied, type Step, sessionOf } from "./step.ts";

const uploads = "/v1/files/upload";
const transcriptions = "/v1/audio/transcriptions";

/** What comes with a question is on its way. */
export const questionFileSteps: readonly Step[] = [
  { title: "its picture not arrived at Coze", hold: (stage) => holdTransfer(stage, "picture", hang) },
  { title: "its picture taken by Coze, the answer lost", hold: (stage) => holdTransfer(stage, "picture", hangApplied) },
  { title: "its picture taken by Coze, not recorded", hold: holdRecord },
  {
    title: "its picture on Coze, the question lost on its way",
    isUntold: true,
    hold: (stage) => holdQuestion(stage, "picture", hang),
  },
  {
    title: "asked with a picture, Coze has it",
    isUntold: true,
    hold: (stage) => holdQuestion(stage, "picture", hangApplied),
  },
  { title: "said, not understood yet", hold: (stage) => holdTransfer(stage, "voice", hang) },
  {
    title: "said and understood, the question lost on its way",
    isUntold: true,
    hold: (stage) => holdQuestion(stage, "voice", hang),
  },
];

type Brought = "picture" | "voice";

async function holdTransfer(stage: Stage, brought: Brought, effect: FaultEffect): Promise<Held> {
  const path = brought === "picture" ? uploads : transcriptions;
  const release = stage.world.coze.faults.add({ method: `POST ${path}`, times: always, effect });
  const turn = ask(stage, brought);
  await sent(stage, turn, path);
  return { turns: [turn], release };
}

/** The bridge learns that Coze has the picture and can't write it down. */
async function holdRecord(stage: Stage): Promise<Held> {
  const { coze } = stage.world;
  coze.faults.add({ method: `POST ${uploads}`, effect: { kind: "delay", ms: 2000 } });
  const turn = ask(stage, "picture");
  await sent(stage, turn, uploads);
  const release = holdLedger(stage.ledger);
  await coze.until("Coze has answered", () => requestsOf(stage, turn, uploads).some(({ status }) => status === 200));
  return { turns: [turn], release };
}

async function holdQuestion(stage: Stage, brought: Brought, effect: FaultEffect): Promise<Held> {
  const { coze } = stage.world;
  const release = coze.faults.add({ method: /^POST \/(v3|v1\/workflows)\/chat$/, effect });
  const turn = ask(stage, brought);
  await coze.until("the question is sent", () => cozeQuestions(coze, sessionOf(turn)).length > 0);
  await turnReaches(stage.ledger, sessionOf(turn), "asked");
  return { turns: [turn], release };
}

function ask(stage: Stage, brought: Brought): Question {
  if (brought === "voice") return stage.put((mark) => spokenAnswer(mark, { words: 40 }));
  return stage.put((mark) => {
    const answer = markedText(mark, 40);
    return { answer, script: () => inOnePiece(answer), picture: pictureOf(mark) };
  });
}

function pictureOf(mark: string): SentFile {
  return { kind: "image", name: "cat.png", mimeType: "image/png", bytes: pictureCalled(mark) };
}

async function sent(stage: Stage, turn: Question, path: string): Promise<void> {
  await stage.world.coze.until(`a request to ${path}`, () => requestsOf(stage, turn, path).length > 0);
}

function requestsOf({ world: { coze } }: Stage, turn: Question, path: string): typeof coze.requests {
  return coze.requests.filter((request) => request.path === path && request.sessionName === sessionOf(turn));
}
