import { MessageFlags } from "discord.js";
import type { MediaItem, OutgoingMedia } from "../../src/adapter.ts";
import { allowedMentions, buttonsOf, type NewMessage, newMessageFlags } from "./message-body.ts";
import { renderMarkdown } from "./render.ts";
import { voiceMetadataOf } from "./voice.ts";

/** All files in one message, which Discord shows as an album. */
export function fileMessage(media: OutgoingMedia): NewMessage {
  return {
    fields: { content: media.caption ? renderMarkdown(media.caption) : "", ...buttonsOf(media.buttons) },
    flags: newMessageFlags,
    upload: {
      files: media.items.map(toFile),
      attachments: media.items.map(({ name }, index) => ({ id: String(index), filename: name })),
    },
    options: media,
  };
}

/** A voice message. Nothing when it is none, or must be a file: nothing else may be in a voice message, not even words. */
export function voiceMessage(media: OutgoingMedia): NewMessage | undefined {
  const [item, ...others] = media.items;
  if (item?.kind !== "voice" || others.length > 0 || media.caption?.text) return undefined;
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
