import { type Api, InputFile } from "grammy";
import type { Message } from "grammy/types";
import type { MediaItem, MessageRef, OutgoingMedia, Target } from "../../src/adapter.ts";
import { PlatformError, type PlatformErrorCode } from "../../src/errors.ts";
import { emptyText } from "../../src/markdown/formatted-text.ts";
import { chatAddress, toAlbumRef, toRef } from "./address.ts";
import { MOST_IN_ALBUM } from "./bundles.ts";
import { keyboard } from "./buttons.ts";
import { isRefusedAsPhoto, isRefusedAsVoice } from "./errors.ts";
import { placementOf } from "./placement.ts";
import { codePoints, type RenderedText, render } from "./render.ts";

/** The largest file that a bot can send, in bytes (Bot API 10.3: 50 MB). */
export const MAX_UPLOAD_BYTES = 50_000_000;

/** A larger picture is sent as a document (Bot API 10.3: 10 MB). */
const MAX_PHOTO_BYTES = 10_000_000;

/** In Unicode code points. */
const MAX_CAPTION_LENGTH = 1024;

/** How Telegram shows a file. */
type MediaType = "photo" | "video" | "audio" | "voice" | "document";

const photoTypes: readonly string[] = ["image/jpeg", "image/png", "image/webp"];

/**
 * Sends a file, or several as an album. Photos and videos share an album, and so do documents or music alone; any other
 * mixture is sent as documents, because Telegram takes no other album. An album has no buttons. What Telegram refuses to show as a photo or as a
 * voice message is sent once more as a document or as music.
 */
export async function postMedia(api: Api, target: Target, media: OutgoingMedia): Promise<MessageRef> {
  const caption = render(media.caption ?? emptyText);
  check(media.items, caption);
  const { chat } = chatAddress(target);
  const placement = placementOf(target, media);
  const [first, ...further] = media.items;
  if (first !== undefined && further.length === 0) {
    const options = { ...placement, ...captioned(caption), ...keyboard(media.buttons) };
    return toRef(await sendSuited(first, (type) => send(api, type, { chat, item: first, options })));
  }
  const messages = await api.sendMediaGroup(chat, albumOf(media.items, caption), placement);
  return toAlbumRef(messages as [Message, ...Message[]]);
}

function check(items: readonly MediaItem[], { text }: RenderedText): void {
  if (items.length === 0) throw refusal("unknown", "there is no file to send");
  if (items.length > MOST_IN_ALBUM) throw refusal("unknown", `an album holds at most ${MOST_IN_ALBUM} files`);
  if (items.length > 1 && items.some(({ kind }) => kind === "voice")) {
    throw refusal("unknown", "a voice message can't be a part of an album");
  }
  if (items.some(({ data }) => data.length > MAX_UPLOAD_BYTES)) {
    throw refusal("too-long", `a bot can send files of at most ${MAX_UPLOAD_BYTES} bytes`);
  }
  if (codePoints(text) > MAX_CAPTION_LENGTH) {
    throw refusal("too-long", `a caption holds at most ${MAX_CAPTION_LENGTH} characters`);
  }
}

function refusal(code: PlatformErrorCode, reason: string): PlatformError {
  return new PlatformError(code, reason, { platform: "telegram", method: "sendMediaGroup" });
}

/** Apps play no videos but MP4, and Telegram makes an animation of a GIF that comes as a document. */
function typeOf({ kind, mimeType, data }: MediaItem): MediaType {
  if (kind === "image") return photoTypes.includes(mimeType) && data.length <= MAX_PHOTO_BYTES ? "photo" : "document";
  if (kind === "video") return mimeType === "video/mp4" ? "video" : "document";
  return kind === "file" ? "document" : kind;
}

async function sendSuited(item: MediaItem, sendAs: (type: MediaType) => Promise<Message>): Promise<Message> {
  const type = typeOf(item);
  try {
    return await sendAs(type);
  } catch (error) {
    if (type === "photo" && isRefusedAsPhoto(error)) return sendAs("document");
    if (type === "voice" && isRefusedAsVoice(error)) return sendAs("audio");
    throw error;
  }
}

interface Shipment {
  readonly chat: number;
  readonly item: MediaItem;
  readonly options: ReturnType<typeof placementOf> & ReturnType<typeof captioned> & ReturnType<typeof keyboard>;
}

function send(api: Api, type: MediaType, { chat, item, options }: Shipment): Promise<Message> {
  const file = toFile(item);
  switch (type) {
    case "photo":
      return api.sendPhoto(chat, file, options);
    case "video":
      return api.sendVideo(chat, file, options);
    case "audio":
      return api.sendAudio(chat, file, options);
    case "voice":
      return api.sendVoice(chat, file, options);
    case "document":
      return api.sendDocument(chat, file, options);
  }
}

type Album = Parameters<Api["sendMediaGroup"]>[1];

/** Words stand below all pictures when the first one has them, and below a list of files when the last one has. */
function albumOf(items: readonly MediaItem[], caption: RenderedText): Album {
  const files = items.map((item) => ({ type: typeOf(item), media: toFile(item) }));
  const [first, ...others] = files;
  if (first !== undefined && files.every(isVisual)) return [{ ...first, ...captioned(caption) }, ...others] as Album;
  const type = files.every((file) => file.type === "audio") ? "audio" : "document";
  return files.map(({ media }, index) => ({
    type,
    media,
    ...(index === files.length - 1 && captioned(caption)),
  })) as Album;
}

function isVisual({ type }: { readonly type: MediaType }): boolean {
  return type === "photo" || type === "video";
}

function captioned({ text, entities }: RenderedText) {
  return text === "" ? {} : { caption: text, caption_entities: [...entities] };
}

/** grammY writes the name into a header as it is; without quotes one with a space or of other letters can't be read. */
function toFile({ name, data }: MediaItem): InputFile {
  const safe = name.replaceAll(/[\p{Cc}"\\/]/gu, "_") || "file";
  return new InputFile(data, `"${safe}"`);
}
