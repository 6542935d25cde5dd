import type { DeclaredTool } from "./declared-tool.ts";
import type { ToolArguments } from "./tool-arguments.ts";
import { ToolError } from "./tool-error.ts";

export interface EndpointCall {
  readonly tool: DeclaredTool;
  readonly arguments: ToolArguments;
  /** The same when the call is made again after a restart. */
  readonly idempotencyKey: string;
}

/**
 * One request to the address of a declared tool, and to no other. Resolves with the text of its answer, cut after
 * 100 kB. Throws a `ToolError`; what it throws when `signal` aborts says nothing.
 */
export async function callEndpoint(call: EndpointCall, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(addressOf(call), {
      method: call.tool.method,
      headers: headersOf(call),
      body: call.tool.method === "POST" ? call.arguments.json : null,
      redirect: "manual",
      signal,
    });
    if (response.ok) return await textOf(response);
    response.body?.cancel().catch(() => undefined);
    throw new ToolError("status", `The tool failed with HTTP status ${response.status}.`, { status: response.status });
  } catch (error) {
    throw error instanceof ToolError ? error : connectionError(error);
  }
}

/** What the operator wrote into the query stays, whatever the model thinks of it. */
function addressOf({ tool: { url, method }, arguments: { values } }: EndpointCall): URL {
  const address = new URL(url);
  if (method !== "GET") return address;
  const fixed = new Set(address.searchParams.keys());
  for (const [name, value] of Object.entries(values)) {
    if (fixed.has(name) || value === null) continue;
    address.searchParams.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return address;
}

function headersOf({ tool, idempotencyKey }: EndpointCall): Headers {
  const headers = new Headers({ Accept: "application/json, text/plain, */*", "User-Agent": "coze-bridge" });
  for (const [name, value] of Object.entries(tool.headers)) headers.set(name, value);
  headers.set("Idempotency-Key", idempotencyKey);
  if (tool.method === "POST") headers.set("Content-Type", "application/json");
  return headers;
}

const MOST_BYTES = 100_000;
const CUT = "\n[The answer of the tool is longer; the rest is left out.]";

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left = MOST_BYTES;
  for await (const chunk of body ?? []) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    text += decoder.decode(part, { stream: true });
    if (part.length < chunk.length) return text + CUT;
  }
  return text + decoder.decode();
}

/** `fetch` says "fetch failed"; its cause knows why, and the address, which is left out. */
function connectionError(error: unknown): ToolError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? { code: String(cause.code) } : {};
  return new ToolError("network", "The tool can't be reached.", code);
}
