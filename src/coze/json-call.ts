import type { AuthorizedCall } from "./authorized-call.ts";
import { type ApiRequest, type Connection, endpointOf, send } from "./connection.ts";
import { type Origin, originOf, readEnvelope } from "./reply.ts";

export interface JsonReply {
  readonly data: unknown;
  readonly origin: Origin;
}

/** Makes a call that is answered in JSON. Throws a `CozeError` when the answer is another one, or none. */
export type JsonCall = (request: ApiRequest, sessionName: string, signal: AbortSignal) => Promise<JsonReply>;

export function createJsonCall(connection: Connection, call: AuthorizedCall): JsonCall {
  return (request, sessionName, signal) =>
    call(sessionName, signal, async (token) => {
      const response = await send(connection, request, token, signal);
      const origin = originOf(endpointOf(request), response, token);
      const { data } = await readEnvelope(response, origin, { ...connection, signal });
      return { data, origin };
    });
}
