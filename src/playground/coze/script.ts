/** What a run does, step by step. After the last step it completes by itself, unless a step gave it another end. */
export type Script = readonly Step[];

export type Step =
  /** More text of the open answer message; opens one when none is. */
  | { readonly do: "delta"; readonly text: string }
  /** More of the model's reasoning, on the same message. */
  | { readonly do: "reasoning"; readonly text: string }
  /** Completes the open answer message, with its joined deltas or with `text` instead. Without deltas: an answer at once. */
  | { readonly do: "complete"; readonly text?: string }
  /** A completed message of any type. */
  | { readonly do: "message"; readonly type: string; readonly content: string }
  /** A suggested question. They come after `generate_answer_finish`. */
  | { readonly do: "follow-up"; readonly text: string }
  /** Any event with any data, as it stands. */
  | { readonly do: "event"; readonly name: string; readonly data: string }
  /** An SSE comment line. */
  | { readonly do: "comment"; readonly text: string }
  | { readonly do: "pause"; readonly ms: number }
  /** Goes on when the promise settles. */
  | { readonly do: "gate"; readonly opened: Promise<unknown> }
  /** Nothing is sent until the client hangs up or the chat is cancelled. */
  | { readonly do: "silence" }
  /** The flow asks the person. `announced: false` leaves out the `requires_action` event, as a flow of the docs does. */
  | { readonly do: "interrupt"; readonly question?: string; readonly announced: boolean }
  /** The agent wants client-side tools to be run. What follows is done when their results are there. */
  | { readonly do: "need-tools"; readonly tools: readonly ClientTool[] }
  /** More steps, by the results of the tools that were wanted last. */
  | { readonly do: "use-results"; readonly script: (results: readonly ToolResult[]) => Script }
  /** The answer as speech, in one piece, after the successful end of the run. */
  | { readonly do: "sound"; readonly bytes: Uint8Array }
  /** `conversation.chat.failed`: a chat object with `last_error`, or code and message alone, the code as told. */
  | { readonly do: "fail"; readonly code: number; readonly msg: string; readonly shape: FailureShape }
  /** Event `error`; without a code its data is `{}`. */
  | { readonly do: "error"; readonly code?: number; readonly msg?: string }
  /** The successful end without `done`, for what comes between the two. */
  | { readonly do: "finish" }
  /** The end marker of endpoint and dialect. Without an outcome before it, the run has none on the wire. */
  | { readonly do: "done" }
  /** The connection ends, cleanly or reset, with half a line before it when `midLine`. The run itself goes on. */
  | { readonly do: "cut"; readonly how: "end" | "reset"; readonly midLine: boolean };

export type FailureShape = "chat" | "number" | "string";

export interface ClientTool {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly output: string;
}

export interface Pace {
  /** Code points to a delta. Default 8. */
  readonly chunk?: number;
  /** Pause between two deltas by the emulator's clock. Default 0. */
  readonly everyMs?: number;
}

/** Deltas that make up `text`. */
export function say(text: string, { chunk = 8, everyMs = 0 }: Pace = {}): Script {
  const points = [...text];
  const steps: Step[] = [];
  for (let start = 0; start < points.length; start += chunk) {
    if (start > 0 && everyMs > 0) steps.push(pauseFor(everyMs));
    steps.push({ do: "delta", text: points.slice(start, start + chunk).join("") });
  }
  return steps;
}

/** Reasoning, in one piece. */
export function think(text: string): Step {
  return { do: "reasoning", text };
}

/** Ends an answer message, so that the next delta opens another; `text` makes it differ from its deltas. */
export function complete(text?: string): Step {
  return text === undefined ? { do: "complete" } : { do: "complete", text };
}

export function pauseFor(ms: number): Step {
  return { do: "pause", ms };
}

export function gate(opened: Promise<unknown>): Step {
  return { do: "gate", opened };
}

export function silence(): Step {
  return { do: "silence" };
}

export function message(type: string, content: string): Step {
  return { do: "message", type, content };
}

/** A plugin at work on Coze's side: its call and its result. */
export function toolCall(name: string, input: Readonly<Record<string, unknown>>, output: string): Script {
  const call = JSON.stringify({ name, arguments: input, plugin_type: 1 });
  return [message("function_call", call), message("tool_response", output)];
}

/** A `verbose` message, such as `verbose("empty result", "empty result")`. */
export function verbose(msgType: string, data: string): Step {
  return message("verbose", verboseContent(msgType, data));
}

export function verboseContent(msgType: string, data: string): string {
  return JSON.stringify({ msg_type: msgType, data, from_module: null, from_unit: null });
}

export function followUp(text: string): Step {
  return { do: "follow-up", text };
}

export function event(name: string, data: string): Step {
  return { do: "event", name, data };
}

export function comment(text: string): Step {
  return { do: "comment", text };
}

export function interrupt(question?: string, { announced = true }: { readonly announced?: boolean } = {}): Step {
  return question === undefined ? { do: "interrupt", announced } : { do: "interrupt", question, announced };
}

export function needTools(...tools: readonly ClientTool[]): Step {
  return { do: "need-tools", tools };
}

export function useResults(script: (results: readonly ToolResult[]) => Script): Step {
  return { do: "use-results", script };
}

export function sound(bytes: Uint8Array): Step {
  return { do: "sound", bytes };
}

export function fail(code: number, msg: string, shape: FailureShape = "chat"): Step {
  return { do: "fail", code, msg, shape };
}

export function errorEvent(code?: number, msg = ""): Step {
  return code === undefined ? { do: "error" } : { do: "error", code, msg };
}

export function finish(): Step {
  return { do: "finish" };
}

export function done(): Step {
  return { do: "done" };
}

export function cut(how: "end" | "reset" = "end", { midLine = false }: { readonly midLine?: boolean } = {}): Step {
  return { do: "cut", how, midLine };
}
