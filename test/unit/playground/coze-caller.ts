import { randomUUID } from "node:crypto";
import { getJWTToken } from "@coze/api";
import { importPKCS8, type JWTPayload, SignJWT } from "jose";
import type { CozeEmulator } from "../../../src/playground/coze/index.ts";

export interface Call {
  /** Default: the emulator's personal token. Empty: none is sent. */
  readonly token?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The fields of chats, messages, conversations and errors that tests look at. */
export interface WireData {
  readonly id: string;
  readonly conversation_id: string;
  readonly chat_id: string;
  readonly section_id: string;
  readonly last_section_id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly status: string;
  readonly code: number | string;
}

export interface WireReply<Data = WireData> {
  readonly code: number;
  readonly msg: string;
  readonly data: Data;
  readonly detail?: { readonly logid: string };
  readonly has_more?: boolean;
}

export interface WireEvent {
  readonly event: string;
  readonly id?: string;
  /** The data as it was sent. */
  readonly raw: string;
  /** The data parsed; empty when it is no JSON. */
  readonly data: WireData;
}

type Body = Readonly<Record<string, unknown>>;

/** A plain request: `call(emulator, "POST /v3/chat?conversation_id=1", { body })`. */
export function call(emulator: CozeEmulator, name: string, options: Call = {}): Promise<Response> {
  const [method = "", target = ""] = name.split(" ");
  const { token = emulator.personalToken, body, signal } = options;
  return fetch(`${emulator.baseUrl}${target}`, {
    method,
    headers: { "Content-Type": "application/json", ...(token === "" ? {} : { Authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

export async function callJson<Data = WireData>(
  emulator: CozeEmulator,
  name: string,
  options?: Call,
): Promise<WireReply<Data>> {
  return jsonOf<WireReply<Data>>(await call(emulator, name, options));
}

export async function jsonOf<Body = WireReply>(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

/** An access token for a user, by the official client's exchange. */
export async function tokenFor(emulator: CozeEmulator, sessionName: string): Promise<string> {
  const { oauthApp, baseUrl } = emulator;
  const token = await getJWTToken({
    baseURL: baseUrl,
    appId: oauthApp.clientId,
    aud: new URL(baseUrl).host,
    keyid: oauthApp.keyId,
    privateKey: oauthApp.privateKey,
    sessionName,
  });
  return token.access_token;
}

/** A JWT as the docs want it, but for `claims` and `header`; undefined leaves a claim out. */
export async function signJwt({ oauthApp, baseUrl }: CozeEmulator, claims: Body = {}, header: Body = {}) {
  const now = Math.floor(Date.now() / 1000);
  const payload: JWTPayload = {
    iss: oauthApp.clientId,
    aud: new URL(baseUrl).host,
    iat: now,
    exp: now + 600,
    jti: randomUUID(),
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: oauthApp.keyId, ...header })
    .sign(await importPKCS8(oauthApp.privateKey, "RS256"));
}

/** The body of a question to the agent. */
export function agentQuestion({ catalog }: CozeEmulator, text: string, more: Body = {}): Body {
  const additional_messages = [{ role: "user", content: text, content_type: "text" }];
  return { bot_id: catalog.botId, user_id: "user-1", stream: true, additional_messages, ...more };
}

/** The body of a question to the flow, run for the app. */
export function flowQuestion({ catalog }: CozeEmulator, text: string, more: Body = {}): Body {
  const additional_messages = [{ role: "user", content: text, content_type: "text" }];
  const { workflowId: workflow_id, appId: app_id } = catalog;
  return { workflow_id, app_id, parameters: {}, additional_messages, ...more };
}

/** Event by event, as they arrive; throws where the connection breaks. Half a block at the end is dropped. */
export async function* eventsOf(response: Response): AsyncGenerator<WireEvent> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? "";
    yield* blocks.filter((block) => !block.startsWith(":")).map(parseBlock);
  }
}

/** What is left of the events. */
export async function collect(events: AsyncIterable<WireEvent>): Promise<readonly WireEvent[]> {
  const all: WireEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export async function readEvents(response: Response): Promise<readonly WireEvent[]> {
  return collect(eventsOf(response));
}

/** The joined deltas of the answers. */
export function deltasOf(events: readonly WireEvent[]): string {
  const deltas = events.filter(({ event }) => event === "conversation.message.delta");
  return deltas.map(({ data }) => data.content).join("");
}

/** The texts of the completed messages of one type. */
export function completedOf(events: readonly WireEvent[], type = "answer"): readonly string[] {
  return events
    .filter(({ event, data }) => event === "conversation.message.completed" && data.type === type)
    .map(({ data }) => data.content);
}

export function namesOf(events: readonly WireEvent[]): readonly string[] {
  return events.map(({ event }) => event.replace("conversation.", ""));
}

/** A promise for a script's gate, and the way to resolve it. */
export function createDoor(): { readonly opened: Promise<void>; readonly open: () => void } {
  const opening = new AbortController();
  const opened = new Promise<void>((resolve) => {
    opening.signal.addEventListener("abort", () => resolve());
  });
  return { opened, open: () => opening.abort() };
}

function parseBlock(block: string): WireEvent {
  const fields = new Map(
    block.split(/\r?\n/).map((line) => [line.split(":", 1)[0], /^\w+: ?(.*)$/.exec(line)?.[1] ?? ""]),
  );
  const raw = fields.get("data") ?? "";
  const id = fields.get("id");
  return { event: fields.get("event") ?? "", raw, data: parseData(raw), ...(id === undefined ? {} : { id }) };
}

function parseData(raw: string): WireData {
  try {
    return JSON.parse(raw) as WireData;
  } catch {
    return {} as WireData;
  }
}
