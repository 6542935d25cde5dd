import { albumSize, newAlbum, sharesAlbum } from "../albums.ts";
import { type Attachment, attach, type MediaType } from "../attachments.ts";
import type { BotAccount } from "../bot-account.ts";
import type { ChatAccess } from "../chat-access.ts";
import type { Files } from "../files.ts";
import { type FormattedText, fixedText, lengthOf } from "../formatted-text.ts";
import { readKeyboard } from "../inline-keyboard.ts";
import { type Messages, messageOnWire } from "../messages.ts";
import { Fields, Parameters, type UploadedFile } from "../parameters.ts";
import { checkPhoto } from "../pictures.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import { badRequest, Refusal } from "../refusal.ts";
import { readText } from "../text-parameter.ts";
import type { Method, Methods } from "./method.ts";
import { readPlacement } from "./placement.ts";

const MAX_CAPTION_LENGTH = 1024;

const mimeTypes: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  ogg: "audio/ogg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  txt: "text/plain",
};

const defaultTypes: Readonly<Record<MediaType, string>> = {
  photo: "image/jpeg",
  video: "video/mp4",
  audio: "audio/mpeg",
  voice: "audio/ogg",
  document: "application/octet-stream",
};

interface Parts {
  readonly bot: BotAccount;
  readonly access: ChatAccess;
  readonly messages: Messages;
  readonly files: Files;
  readonly limiter: RateLimiter;
}

/** One file of an album, before it is stored. */
interface AlbumItem {
  readonly type: MediaType;
  readonly upload: UploadedFile;
  readonly caption: FormattedText;
}

/** Uploads of new files; file ids and addresses are not emulated. Each file counts as a message. */
export function mediaMethods({ bot, access, messages, files, limiter }: Parts): Methods {
  const charge = (chat: { readonly id: number; readonly type: string }, count: number) =>
    limiter.charge({ call: "send", chatId: chat.id, isPrivate: chat.type === "private", messages: count });

  const store = (type: MediaType, { name, bytes }: UploadedFile): Attachment => {
    if (bytes.length === 0) throw badRequest("file must be non-empty");
    if (type === "photo") checkPhoto(bytes);
    return attach(type, { name, bytes, mimeType: mimeTypeOf(name, type) }, files);
  };

  const sendOne =
    (type: MediaType): Method =>
    (parameters) => {
      const upload = parameters.file(type);
      if (upload === undefined) throw badRequest(`there is no ${type} in the request`);
      const caption = readCaption(parameters);
      const keyboard = readKeyboard(parameters);
      const placement = readPlacement(access, parameters);
      charge(placement.chat, 1);
      const file = store(type, upload);
      return messageOnWire(messages.add({ ...placement, from: bot, ...caption, keyboard, file }));
    };

  return {
    sendPhoto: sendOne("photo"),
    sendDocument: sendOne("document"),
    sendAudio: sendOne("audio"),
    sendVideo: sendOne("video"),
    sendVoice: sendOne("voice"),

    sendMediaGroup(parameters) {
      const items = readAlbum(parameters);
      const placement = readPlacement(access, parameters);
      charge(placement.chat, items.length);
      const attachments = items.map(({ type, upload }, index) => inAlbum(index, () => store(type, upload)));
      const album = attachments.length < albumSize.min ? undefined : newAlbum();
      const sent = items.map(({ caption }, index) => {
        const file = attachments[index];
        return messages.add({ ...placement, from: bot, ...caption, album, ...(file !== undefined && { file }) });
      });
      return sent.map(messageOnWire);
    },
  };
}

function readAlbum(parameters: Parameters): AlbumItem[] {
  const list = parameters.json("media", "media");
  if (!Array.isArray(list)) throw badRequest("expected an Array of InputMedia");
  if (list.length === 0) throw badRequest("there are no messages to send");
  if (list.length > albumSize.max) throw badRequest("too many messages to send as an album");
  const items = list.map((value) => readItem(value, parameters));
  const types = items.map(({ type }) => type);
  if (!sharesAlbum(types)) {
    const odd = types.includes("audio") ? "audio" : "document";
    throw badRequest(`${odd} can't be mixed with other media types`);
  }
  return items;
}

function readItem(value: unknown, parameters: Parameters): AlbumItem {
  const fields = new Fields(value, "Can't parse InputMedia");
  const type = fields.text("type");
  if (type !== "photo" && type !== "video" && type !== "audio" && type !== "document") {
    throw badRequest("Can't parse InputMedia: wrong media type specified");
  }
  const upload = parameters.attached(fields.text("media"));
  if (upload === undefined) throw badRequest("Can't parse InputMedia: media not found");
  return { type, upload, caption: readCaption(new Parameters(value as Record<string, unknown>)) };
}

function readCaption(parameters: Parameters): FormattedText {
  const caption = fixedText(readText(parameters, { text: "caption", entities: "caption_entities" }), true);
  if (lengthOf(caption.text) > MAX_CAPTION_LENGTH) throw badRequest("message caption is too long");
  return caption;
}

/** Telegram tells which file of an album it refused. */
function inAlbum<Result>(index: number, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason = error.message.replace(/^Bad Request: /, "");
    throw badRequest(`failed to send message #${index + 1} with the error message "${reason}"`);
  }
}

/** Telegram goes by the name. */
function mimeTypeOf(name: string, type: MediaType): string {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  return mimeTypes[extension] ?? defaultTypes[type];
}
