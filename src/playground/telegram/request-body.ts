import type { IncomingMessage } from "node:http";
import busboy from "busboy";
import { Parameters, type UploadedFile } from "./parameters.ts";
import { badRequest, tooLarge } from "./refusal.ts";

/** All parameters but files, together (tdlib/td HttpReader). */
const MAX_FIELDS_BYTES = 1 << 20;
/** api.telegram.org takes uploads of up to 50 MB. */
const MAX_FILE_BYTES = 50_000_000;

type Fields = Record<string, unknown>;

/** Reads the parameters of a call from the query string and from a JSON, urlencoded or multipart body. */
export async function readParameters(request: IncomingMessage, query: URLSearchParams): Promise<Parameters> {
  const inQuery = Object.fromEntries(query);
  const type = request.headers["content-type"]?.toLowerCase() ?? "";
  if (type.startsWith("multipart/form-data")) {
    const { fields, files } = await readForm(request);
    return new Parameters({ ...inQuery, ...fields }, files);
  }
  const body = await readText(request);
  if (type.startsWith("application/json")) return new Parameters({ ...inQuery, ...parseObject(body) });
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return new Parameters({ ...inQuery, ...Object.fromEntries(new URLSearchParams(body)) });
  }
  return new Parameters(inQuery);
}

function parseObject(body: string): Fields {
  if (body === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badRequest("JSON object expected");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badRequest("JSON object expected");
  return value as Fields;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_FIELDS_BYTES) chunks.push(chunk);
  }
  if (size > MAX_FIELDS_BYTES) throw tooLarge();
  return Buffer.concat(chunks).toString("utf8");
}

function readForm(request: IncomingMessage): Promise<{ fields: Fields; files: Map<string, UploadedFile> }> {
  return new Promise((resolve, reject) => {
    const fields: Fields = {};
    const files = new Map<string, UploadedFile>();
    let fieldBytes = 0;
    let isTooLarge = false;
    const form = openForm(request);
    form.on("field", (name, value) => {
      fieldBytes += Buffer.byteLength(value);
      fields[name] = value;
    });
    form.on("file", (part, content, info) => {
      const chunks: Buffer[] = [];
      let size = 0;
      content.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_FILE_BYTES) chunks.push(chunk);
      });
      content.on("end", () => {
        isTooLarge ||= size > MAX_FILE_BYTES;
        files.set(part, { name: info.filename ?? part, bytes: Buffer.concat(chunks) });
      });
    });
    form.on("error", () => reject(badRequest("can't parse form data headers")));
    form.on("close", () => {
      if (isTooLarge || fieldBytes > MAX_FIELDS_BYTES) reject(tooLarge());
      else resolve({ fields, files });
    });
    request.on("error", reject);
    request.pipe(form);
  });
}

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, defParamCharset: "utf8", limits: { fieldSize: MAX_FIELDS_BYTES + 1 } });
  } catch {
    throw badRequest("boundary not found");
  }
}
