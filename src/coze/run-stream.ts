import { type AnswerRequest, openAnswer } from "./answer-stream.ts";
import type { AuthorizedCall } from "./authorized-call.ts";
import type { CallObserver } from "./call-observer.ts";
import { type Connection, wasNeverSent } from "./connection.ts";
import { CozeError } from "./errors.ts";
import type { AnswerEvent } from "./events.ts";

/** Sends what makes a run begin or go on, and resolves with the first event of its answer at hand. */
export type OpenRun = (
  request: AnswerRequest,
  sessionName: string,
  signal: AbortSignal,
) => Promise<AsyncGenerator<AnswerEvent, void>>;

/** Whether a request that failed may be repeated is for `call` to say; an error tells when it may have arrived. */
export function createOpenRun(connection: Connection, call: AuthorizedCall): OpenRun {
  return (request, sessionName, signal) =>
    call(sessionName, signal, (token) =>
      openAnswer(connection, request, token, signal).catch((error: unknown) => {
        throw mayHaveArrived(error) ? uncertain(error) : error;
      }),
    );
}

/** An answer whose failures the observer is told of. */
export async function* observed(
  answer: AsyncGenerator<AnswerEvent, void>,
  observer: CallObserver | undefined,
): AsyncGenerator<AnswerEvent, void> {
  try {
    yield* answer;
  } catch (error) {
    if (error instanceof CozeError) observer?.failed(error);
    throw error;
  }
}

/** No answer came, or none that says what became of the question. */
function mayHaveArrived(error: unknown): error is CozeError {
  if (!(error instanceof CozeError) || error.received || wasNeverSent(error)) return false;
  return error.kind === "network" || error.kind === "interrupted";
}

function uncertain(error: CozeError): CozeError {
  const { kind, code, status, logid, endpoint, cause } = error;
  const told = { ...(status !== undefined && { status }), ...(logid !== undefined && { logid }) };
  return new CozeError(error.message, { kind, code, endpoint, cause, uncertain: true, ...told });
}
