import type { Files } from "./files.ts";
import type { File } from "./messages.ts";

/** A file that a person sends. */
export interface Attachment {
  /** How the person's app sends it. Default `document`. */
  readonly kind?: "document" | "photo" | "voice" | "audio" | "video";
  /** Documents, audios and videos tell it to the bot; photos and voice messages have none. */
  readonly name: string;
  readonly mimeType?: string;
  readonly bytes: Uint8Array;
  /** In bytes, when it shall claim more than there are. */
  readonly size?: number;
}

const THUMBNAIL_BYTES = 600;

/** Stores a file and describes it as a message does. A photo comes in two sizes, the small one first. */
export function attach(attachment: Attachment, files: Files): File {
  const { kind = "document", name, mimeType, bytes, size } = attachment;
  const extension = /\.[A-Za-z0-9]+$/.exec(name)?.[0] ?? "";
  const store = (folder: string, suffix: string) =>
    files.add({ folder, extension: suffix, bytes, ...(size !== undefined && { size }) });
  const type = mimeType === undefined ? {} : { mime_type: mimeType };
  switch (kind) {
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
      return { voice: { ...store("voice", ".oga"), ...type, duration: 3 } };
    case "audio":
      return { audio: { ...store("music", extension), ...type, file_name: name, duration: 3 } };
    case "video":
      return {
        video: { ...store("videos", extension), ...type, file_name: name, duration: 3, width: 640, height: 360 },
      };
    case "document":
      return { document: { ...store("documents", extension), ...type, file_name: name } };
  }
}
