import type { IncomingMessage } from "node:http";
import { type Fields, isFields, type ReceivedFile } from "./api.ts";

export interface RequestBody {
  /** Undefined when the body is neither empty, nor an object in JSON, nor a form. */
  readonly fields: Fields | undefined;
  /** The files of a form. */
  readonly files: readonly ReceivedFile[];
}

/** Reads a body whole. Undefined when the client hung up while it was sending. */
export async function readBody(incoming: IncomingMessage): Promise<RequestBody | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  } catch {
    return undefined;
  }
  const bytes = Buffer.concat(chunks);
  const type = incoming.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return readForm(bytes, type);
  return { fields: parseFields(bytes.toString("utf8")), files: [] };
}

async function readForm(bytes: Buffer, type: string): Promise<RequestBody> {
  try {
    const form = await new Response(bytes, { headers: { "Content-Type": type } }).formData();
    const fields: Record<string, unknown> = {};
    const files: ReceivedFile[] = [];
    for (const [field, value] of form) {
      if (typeof value === "string") fields[field] = value;
      else
        files.push({ field, name: value.name, mimeType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
    return { fields, files };
  } catch {
    return { fields: undefined, files: [] };
  }
}

function parseFields(text: string): Fields | undefined {
  if (text.trim() === "") return {};
  try {
    const body: unknown = JSON.parse(text) ?? {};
    return isFields(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
