import { type BodyReading, IdleTimeoutError } from "./body-chunks.ts";
import { RunTranslator } from "./chat-events.ts";
import { type ApiRequest, type Connection, endpointOf, send } from "./connection.ts";
import type { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";
import { expectStream, originOf, refusalError } from "./reply.ts";
import { readEventStream, type ServerSentEvent } from "./sse.ts";

/**
 * The longest silence after the outcome, when only sound and the debug address can come. Reading on to the end of the body
 * lets the connection be used again; the next question of this conversation waits meanwhile.
 */
const LAST_WORDS_MS = 2000;

export interface AnswerRequest extends ApiRequest {
  /** True when the run exists already and goes on: `created` is not among its events then. */
  readonly isGoingOn?: boolean;
}

/**
 * Sends a question and resolves with its answer once the first event is there, so that until then the caller may repeat
 * it. The answer ends after the run's outcome, perhaps followed by `audio` and `debug`; from the outcome on nothing is an
 * error, not even that `signal` aborts. Before it, an aborted signal throws its reason, and anything else a `CozeError`.
 */
export async function openAnswer(
  connection: Connection,
  request: AnswerRequest,
  token: string,
  signal: AbortSignal,
): Promise<AsyncGenerator<AnswerEvent, void>> {
  const response = await send(connection, request, token, signal);
  const origin = originOf(endpointOf(request), response, token);
  const reading: BodyReading = { ...connection, signal };
  const run = new RunTranslator(origin, request.isGoingOn);
  const events = readAnswer(await expectStream(response, origin, reading), run, reading);
  return resume(await events.next(), events);
}

async function* resume(
  first: IteratorResult<AnswerEvent, void>,
  rest: AsyncGenerator<AnswerEvent, void>,
): AsyncGenerator<AnswerEvent, void> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** The answer in the body of an event stream. */
export async function* readAnswer(
  body: ReadableStream<Uint8Array>,
  run: RunTranslator,
  reading: BodyReading,
): AsyncGenerator<AnswerEvent, void> {
  const lastWords = new AbortController();
  const signal = AbortSignal.any([reading.signal, lastWords.signal]);
  const events = readEventStream(body, { ...reading, signal });
  let stopTimer: (() => void) | undefined;
  try {
    for (;;) {
      const next = await nextEvent(events, run, reading.signal);
      stopTimer?.();
      if (next.done) return;
      yield* run.translate(next.value);
      if (run.ended) stopTimer = reading.clock.after(LAST_WORDS_MS, () => lastWords.abort());
    }
  } finally {
    stopTimer?.();
    await events.return();
  }
}

async function nextEvent(
  events: AsyncGenerator<ServerSentEvent, void>,
  run: RunTranslator,
  signal: AbortSignal,
): Promise<IteratorResult<ServerSentEvent, void>> {
  try {
    const next = await events.next();
    if (!next.done || run.ended) return next;
  } catch (error) {
    if (run.ended) return { done: true, value: undefined };
    signal.throwIfAborted();
    throw interruption(run, error);
  }
  throw interruption(run);
}

function interruption(run: RunTranslator, cause?: unknown): CozeError {
  const message = cause instanceof IdleTimeoutError ? cause.message : "The stream ended before the run did.";
  return refusalError(run.origin, { code: 0, message }, { kind: "interrupted", received: run.received, cause });
}
