import type { Attachment } from "../adapter.ts";
import { AttachmentError } from "./attachment-error.ts";

/**
 * The largest text file whose content becomes a part of the question, in bytes. Coze takes no text files (docs
 * upload_files), and Discord makes one of a long text that is pasted.
 */
export const LARGEST_TEXT = 64 * 1024;

export function isTextFile({ name, mimeType = "", size = 0 }: Attachment): boolean {
  const isText =
    /^text\/|^application\/(?:json|xml|yaml)\b/.test(mimeType) || /\.(?:txt|md|json|log|ya?ml|xml)$/i.test(name);
  return isText && size <= LARGEST_TEXT;
}

/** The content of a text file. Throws an `AttachmentError` when it is no text in UTF-8, or more than {@link LARGEST_TEXT}. */
export async function readText(source: ReadableStream<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    length += piece.length;
    if (length > LARGEST_TEXT) throw new AttachmentError("type", `The text file has more than ${LARGEST_TEXT} bytes.`);
    pieces.push(piece);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)).trim();
  } catch (cause) {
    throw new AttachmentError("type", "The text file is not in UTF-8.", { cause });
  }
}
