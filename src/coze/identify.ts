import { z } from "zod";
import type { CozeMode } from "./agent.ts";
import type { ApiRequest } from "./connection.ts";
import { CozeError } from "./errors.ts";
import type { JsonCall } from "./json-call.ts";

export interface AgentIdentity {
  /** As its author called it. Absent when the server can't tell. */
  readonly name?: string;
}

/** Nobody talks through this session. */
const SESSION_NAME = "coze-bridge:check";

/**
 * Asks for the agent or flow by its id. A server without such an endpoint is no error; throws a `CozeError` when the
 * agent or flow is not there, not published, or the token may not see it.
 */
export async function identifyAgent(call: JsonCall, mode: CozeMode, signal: AbortSignal): Promise<AgentIdentity> {
  for (const request of requestsFor(mode)) {
    try {
      const { data } = await call(request, SESSION_NAME, signal);
      return identityIn(data);
    } catch (error) {
      if (!(error instanceof CozeError) || error.status !== 404) throw error;
    }
  }
  return {};
}

/** Coze docs get_bot_info, get_online_info (older servers), get_workflow_info. */
function requestsFor(mode: CozeMode): readonly ApiRequest[] {
  if (mode.kind !== "agent") {
    return [{ method: "GET", path: `/v1/workflows/${encodeURIComponent(mode.workflowId)}` }];
  }
  return [
    { method: "GET", path: `/v1/bots/${encodeURIComponent(mode.botId)}` },
    { method: "GET", path: "/v1/bot/get_online_info", query: { bot_id: mode.botId } },
  ];
}

const Described = z.object({
  name: z.string().min(1).optional().catch(undefined),
  workflow_detail: z
    .object({ workflow_name: z.string().min(1) })
    .optional()
    .catch(undefined),
});

function identityIn(data: unknown): AgentIdentity {
  const described = Described.safeParse(data).data;
  const name = described?.name ?? described?.workflow_detail?.workflow_name;
  return name === undefined ? {} : { name };
}
