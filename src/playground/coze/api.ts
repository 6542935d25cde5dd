import type { IncomingHttpHeaders } from "node:http";
import { invalidParameter, type Refusal } from "./refusal.ts";
import type { Channel, Framing } from "./stream.ts";
import type { Identity } from "./tokens.ts";

/** One call as it came in. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Fields;
  /** The values of the path's `:name` parts. */
  readonly parameters: Fields;
  readonly headers: IncomingHttpHeaders;
  readonly body: Fields;
  /** The files of a form. */
  readonly files: readonly ReceivedFile[];
}

export interface ReceivedFile {
  /** The name of the form's part. */
  readonly field: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

export type Fields = Readonly<Record<string, unknown>>;

export type Reply =
  /** Sent as it is. */
  | { readonly kind: "json"; readonly status: number; readonly body: Fields }
  /** Sent with `code`, `msg` and the log id around it; the fields are mostly `data`. */
  | { readonly kind: "success"; readonly fields: Fields }
  | { readonly kind: "bytes"; readonly contentType: string; readonly bytes: Uint8Array }
  | { readonly kind: "stream"; readonly framing: Framing; readonly play: (channel: Channel) => Promise<void> };

export interface Endpoint {
  /** Method and path; parts of the path that vary are written `:name`. Also the name for faults. */
  readonly name: string;
  /** Throws a {@link Refusal} for an error in JSON. */
  readonly answer: (request: ApiRequest, identity: Identity | undefined) => Reply | Promise<Reply>;
}

/** The answer of an endpoint that wants an access token; `refuse` makes its refusal of a bad one. */
export function authorized(
  refuse: (request: ApiRequest) => Refusal,
  answer: (request: ApiRequest, identity: Identity) => Reply | Promise<Reply>,
): Endpoint["answer"] {
  return (request, identity) => {
    if (!identity) throw refuse(request);
    return answer(request, identity);
  };
}

export function success(data: unknown): Reply {
  return { kind: "success", fields: { data } };
}

/** A field that is a string or absent. Numbers are refused: an id sent as a number has lost digits already. */
export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw invalidParameter(`${name} must be a string`);
  return value;
}

export function requiredText(fields: Fields, name: string): string {
  const value = optionalText(fields, name);
  if (value === undefined) throw invalidParameter(`${name} is required`);
  return value;
}

/** A number, also when it is written as a string as in a query. */
export function optionalInteger(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  if (!Number.isInteger(number)) throw invalidParameter(`${name} must be an integer`);
  return number;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
