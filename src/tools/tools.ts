import type { Logger } from "pino";
import { timeLimit } from "../abort.ts";
import type { Clock } from "../clock.ts";
import type { ToolOutput } from "../coze/agent.ts";
import type { ToolCall } from "../coze/events.ts";
import { callEndpoint } from "./call-endpoint.ts";
import type { DeclaredTool, DeclaredTools } from "./declared-tool.ts";
import { readArguments } from "./tool-arguments.ts";
import { ToolError } from "./tool-error.ts";

/** Client-side tools: what an agent calls on this side of Coze. */
export interface Tools {
  /**
   * Makes all calls of one round at once. A call that fails has an output too, which tells the agent so. Rejects with the
   * reason of `signal` alone.
   */
  run(calls: readonly ToolCall[], chatId: string, signal: AbortSignal): Promise<ToolOutput[]>;
}

export interface ToolsParts {
  readonly logger: Logger;
  readonly clock: Clock;
}

/** The tools that the operator declared, and nothing else. */
export function createTools(declared: DeclaredTools, parts: ToolsParts): Tools {
  return {
    run: (calls, chatId, signal) =>
      Promise.all(
        calls.map(async (call) => ({
          callId: call.id,
          output: await outputOf({ call, tool: declared.get(call.name), chatId }, parts, signal),
        })),
      ),
  };
}

interface Assignment {
  readonly call: ToolCall;
  readonly tool: DeclaredTool | undefined;
  readonly chatId: string;
}

async function outputOf(assignment: Assignment, { logger, clock }: ToolsParts, signal: AbortSignal): Promise<string> {
  const { call, chatId } = assignment;
  const startedAt = clock.now();
  const facts = () => ({ tool: call.name.slice(0, LONGEST_NAME), chatId, ms: clock.now() - startedAt });
  try {
    const text = await answerOf(assignment, clock, signal);
    logger.debug(facts(), "a tool answered");
    // Coze does not say whether an output may be empty.
    return text.trim() === "" ? "{}" : text;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    logger.warn({ ...facts(), reason: error.code, ...error.details }, "a tool failed");
    return JSON.stringify({ error: error.message });
  }
}

/** What a log line holds of a name that a model may have made up. */
const LONGEST_NAME = 64;

async function answerOf({ call, tool, chatId }: Assignment, clock: Clock, signal: AbortSignal): Promise<string> {
  if (!tool) throw new ToolError("unknown", "There is no tool of this name.");
  // Coze chooses the id; a header can't carry every character, and half of a surrogate pair has no encoding.
  const idempotencyKey = `${chatId}-${encodeURIComponent(Buffer.from(call.id).toString())}`;
  const request = { tool, arguments: readArguments(call.arguments), idempotencyKey };
  const limit = timeLimit(clock, tool.timeoutMs, [signal]);
  try {
    return await callEndpoint(request, limit.signal);
  } catch (error) {
    throw limit.isExceeded() ? new ToolError("timeout", "The tool did not answer in time.") : error;
  } finally {
    limit.release();
  }
}
