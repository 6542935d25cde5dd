import type { ExternalReplyInfo, Message, User } from "grammy/types";
import type { Attachment } from "../../src/adapter.ts";
import type { FileAddress } from "./address.ts";

/** A message as far as it may be a file, also one that the bot only sees answered from another chat. */
type Carrier = Pick<
  Message & ExternalReplyInfo,
  "photo" | "voice" | "video" | "video_note" | "audio" | "animation" | "document"
>;

/** The file of a message, if it has one that an agent can use. An album is several messages with one file each. */
export function attachmentsOf(message: Carrier): Attachment[] {
  const file = fileOf(message);
  return file === undefined ? [] : [toAttachment(file)];
}

/** The file of the message that this one answers. Of an album it is the one file that was answered. */
export function answeredAttachmentsOf({ reply_to_message, external_reply }: Message, me: User): Attachment[] {
  const isOwn = reply_to_message?.from?.id === me.id;
  const answered = attachmentsOf(reply_to_message ?? external_reply ?? {});
  return answered.filter(({ isVoice }) => !(isOwn && isVoice)).map((attachment) => ({ ...attachment, isQuoted: true }));
}

interface SentFile {
  readonly kind: Attachment["kind"];
  readonly isVoice?: boolean;
  readonly name: string;
  readonly file: { readonly file_id: string; readonly file_size?: number };
  readonly mimeType?: string | undefined;
}

/** Telegram tells a file's type and name only for some kinds; the others have one type each. */
function fileOf(message: Carrier): SentFile | undefined {
  const { photo, voice, video, audio, animation, document } = message;
  const largest = photo?.at(-1);
  if (largest) return { kind: "image", name: "photo.jpg", file: largest, mimeType: "image/jpeg" };
  if (voice) {
    return { kind: "audio", isVoice: true, name: "voice.ogg", file: voice, mimeType: voice.mime_type ?? "audio/ogg" };
  }
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

function toAttachment({ kind, isVoice, name, file, mimeType }: SentFile): Attachment {
  const address: FileAddress = { fileId: file.file_id };
  return {
    kind,
    ...(isVoice && { isVoice }),
    name,
    ...(mimeType !== undefined && { mimeType }),
    ...(file.file_size !== undefined && { size: file.file_size }),
    address,
  };
}
