import type { IncomingMessage } from "node:http";
import busboy from "busboy";
import { refuse, refuseField } from "./refusals.ts";

export interface UploadedFile {
  /** `files[0]`. */
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface RequestBody {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedFile[];
}

/** "The maximum request size when sending a message is 25 MiB." */
const maxBytes = 25 * 1024 * 1024;

/** Reads a JSON or multipart body; throws the refusal of one that can't be read. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const type = request.headers["content-type"] ?? "";
  if (/^multipart\/form-data/i.test(type)) return readMultipart(request);
  const text = await readText(request);
  if (text === "") return { fields: {}, files: [] };
  if (!/^application\/json/i.test(type)) {
    const accepted = "{'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'}";
    throw refuseField([], "CONTENT_TYPE_INVALID", `Expected "Content-Type" header to be one of ${accepted}.`);
  }
  const value = parseJson(text);
  // A bulk overwrite of commands is an array; its items become the fields "0", "1", ….
  return { fields: typeof value === "object" && value !== null ? { ...value } : {}, files: [] };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= maxBytes) chunks.push(bytes);
  }
  if (size > maxBytes) throw refuse("entityTooLarge");
  return Buffer.concat(chunks).toString("utf8");
}

function readMultipart(request: IncomingMessage): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const files: UploadedFile[] = [];
    let payload = "{}";
    let total = 0;
    const parser = busboy({ headers: request.headers, defParamCharset: "utf8" });
    parser.on("field", (name, value) => {
      if (name === "payload_json") payload = value;
    });
    parser.on("file", (field, stream, info) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => {
        total += chunk.length;
        if (total <= maxBytes) chunks.push(chunk);
      });
      stream.on("end", () => {
        files.push({ field, name: info.filename ?? field, type: info.mimeType, bytes: Buffer.concat(chunks) });
      });
    });
    parser.on("error", reject);
    parser.on("close", () => {
      if (total > maxBytes) return reject(refuse("entityTooLarge"));
      try {
        const value = parseJson(payload);
        resolve({ fields: typeof value === "object" && value !== null ? { ...value } : {}, files });
      } catch (error) {
        reject(error);
      }
    });
    request.pipe(parser);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse("invalidJson");
  }
}
