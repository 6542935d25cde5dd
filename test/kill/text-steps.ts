import { gate, type Script } from "../../src/playground/coze/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { closedGate } from "../support/gate.ts";
import { holdLedger, turnReaches } from "../support/ledger.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { beginning, inOnePiece, reaches } from "../support/questions.ts";
import type { Stage } from "./stage.ts";
import {
  always,
  both,
  called,
  callsOf,
  failCalls,
  type Held,
  hang,
  hangApplied,
  type Step,
  sessionOf,
  shows,
} from "./step.ts";

const SHORT = 40;
/** Several messages on either platform. */
const LONG = 1600;

export const textSteps: readonly Step[] = [
  { title: "before the question, its token under way", isUntold: true, hold: holdToken },
  { title: "accepted, behind another question", hold: holdInLine },
  { title: "asked, Coze does not have it", isUntold: true, hold: (stage) => holdQuestion(stage, hang) },
  { title: "asked, Coze has it", isUntold: true, hold: (stage) => holdQuestion(stage, hangApplied) },
  { title: "answering, nothing to show yet", hold: holdFirstWord },
  { title: "first send lost on its way", hold: (stage) => holdCall(stage, "send", hang) },
  { title: "first send applied, its answer lost", hold: (stage) => holdCall(stage, "send", hangApplied) },
  { title: "growing", hold: (stage) => holdGrowing(stage, SHORT) },
  { title: "an edit lost on its way", hold: (stage) => holdCall(stage, "edit", hang) },
  { title: "an edit applied, its answer lost", hold: (stage) => holdCall(stage, "edit", hangApplied) },
  { title: "growing behind sealed messages", hold: (stage) => holdGrowing(stage, LONG) },
  { title: "between two sends", hold: (stage) => holdSecondSend(stage, hang) },
  { title: "second send applied, its answer lost", hold: (stage) => holdSecondSend(stage, hangApplied) },
  { title: "answered, final edit refused", hold: (stage) => holdEnd(stage, refusal(stage)) },
  { title: "answered, final edit lost on its way", hold: (stage) => holdEnd(stage, hang) },
  { title: "answered, final edit applied, its answer lost", hold: (stage) => holdEnd(stage, hangApplied) },
  { title: "delivered, not recorded", hold: holdRecord },
];

async function holdToken(stage: Stage): Promise<Held> {
  const { coze } = stage.world;
  const before = coze.requests.length;
  const release = coze.faults.add({ method: "POST /api/permission/oauth2/token", times: always, effect: hang });
  const turn = stage.ask(SHORT, inOnePiece);
  await coze.until("a token is asked for", () => coze.requests.length > before);
  return { turns: [turn], release };
}

async function holdInLine(stage: Stage): Promise<Held> {
  const rest = closedGate();
  const by = stage.someone();
  const first = stage.ask(SHORT, inHalves(rest.opened), by);
  await shows(stage, first, half(first.answer));
  const second = stage.ask(SHORT, inOnePiece, by);
  await turnReaches(stage.ledger, sessionOf(second), "accepted");
  return { turns: [first, second], release: rest.open };
}

async function holdQuestion(stage: Stage, effect: FaultEffect): Promise<Held> {
  const { coze } = stage.world;
  const before = coze.requests.length;
  const isQuestion = ({ path }: { readonly path: string }) => path === "/v3/chat" || path === "/v1/workflows/chat";
  const release = coze.faults.add({ method: /^POST \/(v3|v1\/workflows)\/chat$/, effect });
  const turn = stage.ask(SHORT, inOnePiece);
  await coze.until("the question is sent", () => coze.requests.slice(before).some(isQuestion));
  await turnReaches(stage.ledger, sessionOf(turn), "asked");
  return { turns: [turn], release };
}

async function holdFirstWord(stage: Stage): Promise<Held> {
  const rest = closedGate();
  const turn = stage.ask(SHORT, (answer) => [gate(rest.opened), ...inOnePiece(answer)]);
  await turnReaches(stage.ledger, sessionOf(turn), "answering");
  return { turns: [turn], release: rest.open };
}

async function holdGrowing(stage: Stage, words: number): Promise<Held> {
  const rest = closedGate();
  const turn = stage.ask(words, inHalves(rest.opened));
  await shows(stage, turn, half(turn.answer));
  return { turns: [turn], release: rest.open };
}

/** The first send, or the first edit, of an answer that goes on for long. */
async function holdCall(stage: Stage, call: "send" | "edit", effect: FaultEffect): Promise<Held> {
  const { chat } = stage.world;
  const [middle, rest] = [closedGate(), closedGate()];
  const by = stage.someone();
  const method = platformFaults[chat.name].methods[call];
  const clear = failCalls(stage, by.room, { method }, { effect });
  const turn = stage.ask(
    SHORT,
    (answer) => [
      ...inOnePiece(quarter(answer)),
      gate(middle.opened),
      ...inOnePiece(half(answer).slice(quarter(answer).length)),
      gate(rest.opened),
      ...inOnePiece(answer.slice(half(answer).length)),
    ],
    by,
  );
  if (call === "edit") await shows(stage, turn, quarter(turn.answer));
  middle.open();
  await called(stage, turn, { method });
  return { turns: [turn], release: both(clear, rest.open) };
}

async function holdSecondSend(stage: Stage, effect: FaultEffect): Promise<Held> {
  const { chat } = stage.world;
  const by = stage.someone();
  const method = platformFaults[chat.name].methods.send;
  const clear = failCalls(stage, by.room, { method }, { effect, skip: 1 });
  const turn = stage.ask(LONG, inOnePiece, by);
  await called(stage, turn, { method }, 2);
  return { turns: [turn], release: clear };
}

async function holdEnd(stage: Stage, effect: FaultEffect): Promise<Held> {
  const { chat } = stage.world;
  const rest = closedGate();
  const turn = stage.ask(SHORT, inHalves(rest.opened));
  await shows(stage, turn, half(turn.answer));
  const method = platformFaults[chat.name].methods.edit;
  const clear = failCalls(stage, turn.room, { method }, { effect });
  const before = callsOf(stage, turn, { method });
  rest.open();
  await called(stage, turn, { method }, before + 1);
  await turnReaches(stage.ledger, sessionOf(turn), "answered");
  return { turns: [turn], release: clear };
}

/** The bridge learns that all is shown and can't write it down. */
async function holdRecord(stage: Stage): Promise<Held> {
  const { chat } = stage.world;
  const rest = closedGate();
  const turn = stage.ask(SHORT, inHalves(rest.opened));
  await shows(stage, turn, half(turn.answer));
  const method = platformFaults[chat.name].methods.edit;
  const effect = { kind: "delay", ms: 2000 } as const;
  chat.faults.add({ method, where: inRoom(turn.room), times: always, effect });
  rest.open();
  await shows(stage, turn, turn.answer);
  await turnReaches(stage.ledger, sessionOf(turn), "answered");
  const release = holdLedger(stage.ledger);
  await chat.until("the last call is answered", () =>
    chat.calls.some(({ method: called, status, parameters: { text, content } }) => {
      return called === method && status === 200 && reaches(String(text ?? content), turn.answer);
    }),
  );
  return { turns: [turn], release };
}

function refusal({ world: { chat } }: Stage): FaultEffect {
  return platformFaults[chat.name].rateLimit(30);
}

function inHalves(opened: Promise<void>): (answer: string) => Script {
  return (answer) => [...inOnePiece(half(answer)), gate(opened), ...inOnePiece(answer.slice(half(answer).length))];
}

function half(answer: string): string {
  return beginning(answer, 2);
}

function quarter(answer: string): string {
  return beginning(answer, 4);
}
