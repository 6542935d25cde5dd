import { z } from "zod";
import { parseJson } from "../json.ts";
import { type BodyReading, readChunks } from "./body-chunks.ts";
import { kindOf } from "./error-codes.ts";
import { CozeError, type CozeErrorDetails } from "./errors.ts";

/** Where an answer came from: what every error about it keeps. */
export interface Origin {
  readonly endpoint: string;
  readonly status: number;
  readonly logid?: string;
  /** The credential that was sent, so that no error quotes it. */
  readonly token: string;
}

export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly logid?: string;
}

/** Instead of a message that Coze left empty. */
export const NO_REASON = "Coze gave no reason.";

/** In bytes; and in characters. */
const LONGEST_REPLY = 8 * 1024 * 1024;
const LONGEST_MESSAGE = 500;
const OGG = Buffer.from("OggS");

const text = z.string().catch("");
const Envelope = z
  .object({
    code: z.coerce.number().catch(0),
    msg: text,
    // The log id is in `detail`; older endpoints put it into `error` (coze-js, error.ts).
    detail: z.object({ logid: text }).catch({ logid: "" }),
    error: z.object({ logid: text }).catch({ logid: "" }),
  })
  .loose();

export type Envelope = z.infer<typeof Envelope>;

export function originOf(endpoint: string, response: Response, token: string): Origin {
  const logid = response.headers.get("x-tt-logid");
  return { endpoint, status: response.status, token, ...(logid && { logid }) };
}

/** The `CozeError` for what Coze told, wherever it told it. `kind` when the code and the status don't decide. */
export function refusalError(
  origin: Origin,
  { code, message, logid = origin.logid }: Refusal,
  details: Partial<Pick<CozeErrorDetails, "kind" | "received" | "cause">> = {},
): CozeError {
  const { endpoint, status } = origin;
  const quoted = message.replaceAll(origin.token, "[token]").slice(0, LONGEST_MESSAGE);
  const kind = kindOf({ code, message, status });
  return new CozeError(quoted, { kind, code, status, endpoint, ...(logid && { logid }), ...details });
}

/**
 * The envelope of a JSON answer. Throws a `CozeError` when the HTTP status or the `code` says that the call failed;
 * which of the two does, and whether the code is a number or a string, differs between Coze's endpoints.
 */
export async function readEnvelope(response: Response, origin: Origin, reading: BodyReading): Promise<Envelope> {
  const body = await readJson(response, origin, reading);
  const envelope = Envelope.safeParse(body);
  if (response.ok && envelope.success && envelope.data.code === 0) return envelope.data;
  if (!envelope.success) throw refusalError(origin, { code: 0, message: foreignAnswer(response) });
  const { code, msg, detail, error } = envelope.data;
  const logid = detail.logid || error.logid || origin.logid;
  throw refusalError(origin, {
    code,
    message: msg || (code === 0 ? foreignAnswer(response) : NO_REASON),
    ...(logid && { logid }),
  });
}

/**
 * The body of an answer that is an event stream. Anything else is an error: Coze refuses in JSON, also with HTTP 200,
 * and a run that it began without a stream (`received`) must not be asked for again.
 */
export async function expectStream(
  response: Response,
  origin: Origin,
  reading: BodyReading,
): Promise<ReadableStream<Uint8Array>> {
  const type = response.headers.get("content-type") ?? "";
  if (response.ok && response.body && /^text\/event-stream\b/i.test(type)) return response.body;
  await readEnvelope(response, origin, reading);
  throw refusalError(origin, { code: 0, message: "Coze answered without a stream." }, { received: true });
}

/** The bytes of an answer that is Ogg. Anything else is an error, which Coze tells in JSON, also with HTTP 200. */
export async function readSound(response: Response, origin: Origin, reading: BodyReading): Promise<Uint8Array> {
  const isJson = /\bjson\b/i.test(response.headers.get("content-type") ?? "");
  if (response.ok && !isJson) {
    const bytes = await readBytes(response, origin, reading);
    if (bytes.subarray(0, OGG.length).equals(OGG)) return bytes;
  } else await readEnvelope(response, origin, reading);
  throw refusalError(origin, { code: 0, message: "Coze answered without sound." }, { kind: "service" });
}

/** The JSON of an answer, or undefined when it is something else. */
export async function readJson(response: Response, origin: Origin, reading: BodyReading): Promise<unknown> {
  return parseJson(await readText(response, origin, reading));
}

/** What to say of an answer in no shape of Coze's: a gateway's page, or a redirect that was not followed. */
export function foreignAnswer({ status, headers }: Response): string {
  const location = status >= 300 && status < 400 ? headers.get("location") : null;
  const target = location && URL.canParse(location) ? new URL(location).origin : location && "another path";
  return target
    ? `HTTP ${status}: the API has moved to ${target}.`
    : `HTTP ${status} with an answer that is not Coze's.`;
}

async function readText(response: Response, origin: Origin, reading: BodyReading): Promise<string> {
  return new TextDecoder().decode(await readBytes(response, origin, reading));
}

/** Nothing, when there are more than anything that Coze answers with has. */
async function readBytes({ body }: Response, origin: Origin, reading: BodyReading): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ? readChunks(body, reading) : []) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_REPLY) return Buffer.alloc(0);
    }
  } catch (cause) {
    reading.signal.throwIfAborted();
    throw refusalError(origin, { code: 0, message: "The answer broke off." }, { kind: "network", cause });
  }
  return Buffer.concat(chunks);
}
