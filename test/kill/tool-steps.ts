import { needTools, type Script, useResults } from "../../src/playground/coze/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { markedText } from "../support/outcome.ts";
import { beginning, inOnePiece, type Question } from "../support/questions.ts";
import type { Stage } from "./stage.ts";
import { always, type Held, hang, hangApplied, inAgentMode, type Step, sessionOf } from "./step.ts";
import { toolName, toolOutput } from "./tool.ts";

/** The agent has a tool of the operator's called. */
export const toolSteps: readonly Step[] = inAgentMode([
  { title: "a tool at work", hold: holdTool },
  { title: "a tool's result lost on its way", hold: (stage) => holdResult(stage, hang, 2) },
  {
    title: "a tool's result taken, the answer lost",

    hold: (stage) => holdResult(stage, hangApplied, 1),
  },
]);

async function holdTool(stage: Stage): Promise<Held> {
  const release = stage.tool.hold();
  const turn = ask(stage);
  await stage.tool.calledAbout(turn.text);
  return { turns: [turn], release, problems: () => wrongCalls(stage, turn, 2) };
}

async function holdResult(stage: Stage, effect: FaultEffect, calls: number): Promise<Held> {
  const { coze } = stage.world;
  const path = "/v3/chat/submit_tool_outputs";
  const release = coze.faults.add({ method: `POST ${path}`, times: always, effect });
  const turn = ask(stage);
  const isOwn = ({ sessionName }: { readonly sessionName?: string }) => sessionName === sessionOf(turn);
  await coze.until("the result is sent", () =>
    coze.requests.some((request) => request.path === path && isOwn(request)),
  );
  return { turns: [turn], release, problems: () => wrongCalls(stage, turn, calls) };
}

/** The second half of the answer is written only when the tool's result is there. */
function ask(stage: Stage): Question {
  return stage.put((mark) => {
    const answer = markedText(mark, 40);
    const begun = beginning(answer, 2);
    const script = (): Script => [
      ...inOnePiece(begun),
      needTools({ name: toolName, arguments: { question: `Count with ${mark}, please.` } }),
      useResults(([result]) => (result?.output === toolOutput ? inOnePiece(answer.slice(begun.length)) : [])),
    ];
    return { answer, script };
  });
}

/** Each call is made once, or twice under the same key where nobody knows what came of the first. */
function wrongCalls({ tool }: Stage, { text }: Question, expected: number): readonly string[] {
  const keys = tool.callsAbout(text).map(({ headers }) => headers["idempotency-key"]);
  const isRight = keys.length === expected && new Set(keys).size === 1;
  return isRight ? [] : [`the tool was called with the keys ${keys.join(", ")}`];
}
