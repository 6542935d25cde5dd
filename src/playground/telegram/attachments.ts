import type { Message } from "grammy/types";
import type { SentFile, ShownFile } from "../chat-platform.ts";
import type { Files } from "./files.ts";

/** How Telegram shows a file: each kind has a method that sends it, a field of messages and a folder for downloads. */
export type MediaType = "photo" | "document" | "audio" | "video" | "voice";

/** A file in a message: as it travels, and as people see it. */
export interface Attachment {
  readonly onWire: Pick<Message, MediaType>;
  readonly shown: ShownFile;
}

const typeOfKind = { image: "photo", audio: "audio", video: "video", file: "document" } as const;
const kindOfType = { photo: "image", audio: "audio", video: "video", document: "file", voice: "audio" } as const;

const THUMBNAIL_BYTES = 600;

/** How people's apps send a file of this kind. */
export function typeOf({ kind, isVoice }: ShownFile): MediaType {
  return isVoice ? "voice" : typeOfKind[kind];
}

/** Stores a file and describes it as a message does. A photo comes in two sizes, the small one first. */
export function attach(type: MediaType, file: Omit<SentFile, "kind">, files: Files): Attachment {
  const shown: ShownFile = {
    kind: kindOfType[type],
    name: file.name,
    mimeType: file.mimeType,
    bytes: file.bytes,
    ...(type === "voice" && { isVoice: true }),
  };
  return { onWire: describe(type, file, files), shown };
}

function describe(type: MediaType, file: Omit<SentFile, "kind">, files: Files): Attachment["onWire"] {
  const { name, mimeType, bytes, size } = file;
  const extension = /\.[A-Za-z0-9]+$/.exec(name)?.[0] ?? "";
  const store = (folder: string, suffix: string) =>
    files.add({ folder, extension: suffix, bytes, ...(size !== undefined && { size }) });
  const told = { file_name: name, ...(mimeType !== "" && { mime_type: mimeType }) };
  switch (type) {
    case "photo": {
      const small = files.add({ folder: "photos", extension: ".jpg", bytes: bytes.subarray(0, THUMBNAIL_BYTES) });
      const large = store("photos", ".jpg");
      return {
        photo: [
          { ...small, width: 90, height: 60 },
          { ...large, width: 1280, height: 853 },
        ],
      };
    }
    case "voice":
      return { voice: { ...store("voice", ".oga"), mime_type: mimeType, duration: 3 } };
    case "audio":
      return { audio: { ...store("music", extension), ...told, duration: 3 } };
    case "video":
      return { video: { ...store("videos", extension), ...told, duration: 3, width: 640, height: 360 } };
    case "document":
      return { document: { ...store("documents", extension), ...told } };
  }
}
