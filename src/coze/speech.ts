import type { CozeAgent } from "./agent.ts";
import type { AuthorizedCall } from "./authorized-call.ts";
import { type ApiRequest, type Connection, endpointOf, send } from "./connection.ts";
import { originOf, readSound } from "./reply.ts";

/** The implementation of `CozeAgent.speak` (Coze docs text_to_speech). */
export function createSpeak(connection: Connection, call: AuthorizedCall): CozeAgent["speak"] {
  return (sessionName, text, voiceId, signal) => {
    const request: ApiRequest = {
      method: "POST",
      path: "/v1/audio/speech",
      body: { input: text, voice_id: voiceId, response_format: "ogg_opus" },
    };
    return call(sessionName, signal, async (token) => {
      const response = await send(connection, request, token, signal);
      return readSound(response, originOf(endpointOf(request), response, token), { ...connection, signal });
    });
  };
}
