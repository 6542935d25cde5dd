import { CozeError } from "../coze/errors.ts";
import { type Answer, answerText } from "../reply/accumulate.ts";
import type { TurnFacts } from "../store/store.ts";
import { endStateOf, type FailureCode } from "./failures.ts";

/** How a turn ended: with the answer that stands in its ledger, or without. */
export interface Outcome {
  readonly state: "delivered" | "waiting" | "stopped" | "failed";
  readonly failure?: FailureCode;
  readonly cause?: unknown;
}

export function failedWith(failure: FailureCode, cause?: unknown): Outcome {
  return { state: endStateOf(failure), failure, ...(cause !== undefined && { cause }) };
}

/** The outcome of an answer that was followed to its end on Coze. */
export function outcomeOf(answer: Answer): Outcome {
  if (answer.outcome === "cancelled") return failedWith("ERR_COZE_CANCELLED");
  if (answer.outcome === "waiting-for-tools") return failedWith("ERR_TURN_TOOL_ROUNDS");
  if (answerText(answer) === "") return failedWith("ERR_COZE_EMPTY_ANSWER");
  return { state: answer.outcome === "waiting-for-reply" ? "waiting" : "delivered" };
}

/** What Coze told of a run, for `/debug` and the log. */
export function runFacts(
  { tokens, debugUrl, logid: heard }: Partial<Answer> = {},
  cause?: unknown,
): Pick<TurnFacts, "tokens" | "logid" | "debugUrl"> {
  const logid = cause instanceof CozeError ? (cause.logid ?? heard) : heard;
  return {
    ...(tokens !== undefined && { tokens }),
    ...(logid !== undefined && { logid }),
    ...(debugUrl !== undefined && { debugUrl }),
  };
}
