import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { UploadFile } from "./agent.ts";
import { readChunks } from "./body-chunks.ts";
import { CozeError } from "./errors.ts";
import type { StreamedContent } from "./streamed-body.ts";

export interface SourceReading {
  readonly clock: Clock;
  /** The longest silence of the file's source. */
  readonly idleTimeoutMs: number;
}

/**
 * A form with one part, `file`, which is read while it is sent (RFC 7578; Coze docs upload_files, audio_transcriptions).
 * A file that turns out to have another size than was told is an error: a form of another length breaks the connection,
 * and a file that was cut would be taken for the whole one.
 */
export function fileForm(file: UploadFile, endpoint: string, reading: SourceReading): StreamedContent {
  const boundary = `coze-bridge-${randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quotable(file.name)}"\r\n` +
      `Content-Type: ${typeOf(file)}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    ...(file.size !== undefined && { length: head.length + file.size + tail.length }),
    async *chunks(signal) {
      const source = await file.open(signal);
      try {
        yield head;
        yield* ofSize(readChunks(source, { ...reading, signal }), file.size, endpoint);
        yield tail;
      } finally {
        // Once it is read, `readChunks` sees to that.
        if (!source.locked) await source.cancel();
      }
    },
  };
}

async function* ofSize(
  chunks: AsyncIterable<Uint8Array>,
  size: number | undefined,
  endpoint: string,
): AsyncGenerator<Uint8Array, void> {
  let sent = 0;
  for await (const chunk of chunks) {
    sent += chunk.length;
    if (size !== undefined && sent > size) break;
    yield chunk;
  }
  if (size === undefined || sent === size) return;
  const found = sent > size ? "more" : `only ${sent}`;
  throw new CozeError(`The file should have ${size} bytes and has ${found}.`, { kind: "rejected", endpoint });
}

/** WHATWG HTML, multipart/form-data encoding. */
function quotable(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function typeOf({ mimeType = "" }: UploadFile): string {
  return /^[\w.+-]+\/[\w.+-]+(; ?[\w.+=-]+)*$/.test(mimeType) ? mimeType : "application/octet-stream";
}
