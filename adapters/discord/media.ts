import { MessageFlags } from "discord.js";
import type { Capabilities, MediaItem, OutgoingMedia } from "../../src/adapter.ts";
import { allowedMentions, buttonsOf, type NewMessage, newMessageFlags } from "./message-body.ts";
import { voiceMetadataOf } from "./voice.ts";

/** https://docs.discord.com/developers/reference#uploading-files */
export const mediaCapabilities = {
  maxUploadBytes: 10 * 1024 * 1024,
  mostInAlbum: 10,
  // With some room for the request itself: "maximum request size ... is 25 MiB".
  maxAlbumBytes: 24 * 1024 * 1024,
  // Nothing else may be in a voice message.
  sharesAlbum: (one, other) => one.kind !== "voice" && other.kind !== "voice",
} satisfies Partial<Capabilities>;

/** All files in one message, which Discord shows as an album. */
export function fileMessage(media: OutgoingMedia): NewMessage {
  return {
    fields: buttonsOf(media.buttons),
    flags: newMessageFlags,
    upload: {
      files: media.items.map(toFile),
      attachments: media.items.map(({ name }, index) => ({ id: String(index), filename: name })),
    },
    options: media,
  };
}

/** A voice message. Nothing when it is none, or must be a file. */
export function voiceMessage(media: OutgoingMedia): NewMessage | undefined {
  const [item, ...others] = media.items;
  if (item?.kind !== "voice" || others.length > 0) return undefined;
  const metadata = voiceMetadataOf(item.data);
  return (
    metadata && {
      fields: { allowed_mentions: allowedMentions },
      flags: MessageFlags.IsVoiceMessage,
      upload: { files: [toFile(item)], attachments: [{ id: "0", filename: item.name, ...metadata }] },
      options: media,
    }
  );
}

function toFile({ name, mimeType, data }: MediaItem) {
  return { name, contentType: mimeType, data };
}
