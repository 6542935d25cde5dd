import { type Api, InputFile } from "grammy";
import type { Message } from "grammy/types";
import type { MediaItem, MessageRef, OutgoingMedia, Target } from "../../src/adapter.ts";
import { PlatformError, type PlatformErrorCode } from "../../src/errors.ts";
import { chatAddress, toAlbumRef, toRef } from "./address.ts";
import { MOST_IN_ALBUM } from "./bundles.ts";
import { keyboard } from "./buttons.ts";
import { isRefusedAsPhoto, isRefusedAsVoice } from "./errors.ts";
import { placementOf } from "./placement.ts";

/** The largest file that a bot can send, in bytes (Bot API 10.3: 50 MB). */
export const MAX_UPLOAD_BYTES = 50_000_000;

/** A larger picture is sent as a document (Bot API 10.3: 10 MB). */
const MAX_PHOTO_BYTES = 10_000_000;

/** How Telegram shows a file. */
type MediaType = "photo" | "video" | "audio" | "voice" | "document";

const photoTypes: readonly string[] = ["image/jpeg", "image/png", "image/webp"];

/**
 * Sends a file, or several as an album. Photos and videos share an album, and so do documents or music alone; any other
 * mixture is sent as documents, because Telegram takes no other album. An album has no buttons. What Telegram refuses to show as a photo or as a
 * voice message is sent once more as a document or as music.
 */
export async function postMedia(api: Api, target: Target, media: OutgoingMedia): Promise<MessageRef> {
  check(media.items);
  const { chat } = chatAddress(target);
  const placement = placementOf(target, media);
  const [first, ...further] = media.items;
  if (first !== undefined && further.length === 0) {
    const options = { ...placement, ...keyboard(media.buttons) };
    return toRef(await sendSuited(first, (type) => send(api, type, { chat, item: first, options })));
  }
  const messages = await api.sendMediaGroup(chat, albumOf(media.items), placement);
  return toAlbumRef(messages as [Message, ...Message[]]);
}

/** Photos and videos, music alone, documents alone; a moving picture and a voice message stand alone. */
export function sharesAlbum(one: MediaItem, other: MediaItem): boolean {
  const [look, otherLook] = [albumLookOf(one), albumLookOf(other)];
  return look !== undefined && look === otherLook;
}

function check(items: readonly MediaItem[]): void {
  if (items.length === 0) throw refusal("unknown", "there is no file to send");
  if (items.length > MOST_IN_ALBUM) throw refusal("unknown", `an album holds at most ${MOST_IN_ALBUM} files`);
  if (items.length > 1 && items.some(({ kind }) => kind === "voice")) {
    throw refusal("unknown", "a voice message can't be a part of an album");
  }
  if (items.some(({ data }) => data.length > MAX_UPLOAD_BYTES)) {
    throw refusal("too-long", `a bot can send files of at most ${MAX_UPLOAD_BYTES} bytes`);
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
  readonly options: ReturnType<typeof placementOf> & ReturnType<typeof keyboard>;
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

function albumOf(items: readonly MediaItem[]): Album {
  const files = items.map((item) => ({ type: typeOf(item), media: toFile(item) }));
  const isShowable = files.every(({ type }) => isVisual(type)) || files.every(({ type }) => type === "audio");
  return (isShowable ? files : files.map(({ media }) => ({ type: "document", media }))) as Album;
}

function isVisual(type: MediaType): type is "photo" | "video" {
  return type === "photo" || type === "video";
}

/** How a file looks in an album; nothing for one that loses there. Telegram makes an animation of a lone GIF. */
function albumLookOf(item: MediaItem): "visual" | "audio" | "document" | undefined {
  const type = typeOf(item);
  if (type === "voice" || item.mimeType === "image/gif") return undefined;
  return isVisual(type) ? "visual" : type;
}

/** grammY writes the name into a header as it is; without quotes one with a space or of other letters can't be read. */
function toFile({ name, data }: MediaItem): InputFile {
  const safe = name.replaceAll(/[\p{Cc}"\\/]/gu, "_") || "file";
  return new InputFile(data, `"${safe}"`);
}
