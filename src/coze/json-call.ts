import type { AuthorizedCall } from "./authorized-call.ts";
import { type ApiRequest, type Connection, endpointOf, send } from "./connection.ts";
import { originOf, readEnvelope } from "./reply.ts";

/** Makes a call that is answered in JSON and resolves with the answer's `data`. Throws a `CozeError` otherwise. */
export type JsonCall = (request: ApiRequest, sessionName: string, signal: AbortSignal) => Promise<unknown>;

export function createJsonCall(connection: Connection, call: AuthorizedCall): JsonCall {
  return (request, sessionName, signal) =>
    call(sessionName, signal, async (token) => {
      const response = await send(connection, request, token, signal);
      const origin = originOf(endpointOf(request), response, token);
      return (await readEnvelope(response, origin, { ...connection, signal })).data;
    });
}
