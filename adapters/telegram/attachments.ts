import type { Message } from "grammy/types";
import type { Attachment } from "../../src/adapter.ts";
import type { FileAddress } from "./address.ts";

/** The file of a message, if it has one that an agent can use. An album is several messages with one file each. */
export function attachmentsOf(message: Message): Attachment[] {
  const file = fileOf(message);
  return file === undefined ? [] : [toAttachment(file)];
}

interface SentFile {
  readonly kind: Attachment["kind"];
  readonly name: string;
  readonly file: { readonly file_id: string; readonly file_size?: number };
  readonly mimeType?: string | undefined;
}

/** Telegram tells a file's type and name only for some kinds; the others have one type each. */
function fileOf(message: Message): SentFile | undefined {
  const { photo, voice, video, audio, animation, document } = message;
  const largest = photo?.at(-1);
  if (largest) return { kind: "image", name: "photo.jpg", file: largest, mimeType: "image/jpeg" };
  if (voice) return { kind: "audio", name: "voice.ogg", file: voice, mimeType: voice.mime_type ?? "audio/ogg" };
  if (message.video_note) {
    return { kind: "video", name: "video-note.mp4", file: message.video_note, mimeType: "video/mp4" };
  }
  if (video) return { kind: "video", name: video.file_name ?? "video.mp4", file: video, mimeType: video.mime_type };
  if (audio) return { kind: "audio", name: audio.file_name ?? "audio.mp3", file: audio, mimeType: audio.mime_type };
  // An animation comes with a copy of itself as a document, for old bots.
  const other = animation ?? document;
  if (!other) return undefined;
  return { kind: kindOf(other.mime_type), name: other.file_name ?? "file", file: other, mimeType: other.mime_type };
}

function kindOf(mimeType: string | undefined): Attachment["kind"] {
  const family = mimeType?.split("/")[0];
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}

function toAttachment({ kind, name, file, mimeType }: SentFile): Attachment {
  const address: FileAddress = { fileId: file.file_id };
  return {
    kind,
    name,
    ...(mimeType !== undefined && { mimeType }),
    ...(file.file_size !== undefined && { size: file.file_size }),
    address,
  };
}
