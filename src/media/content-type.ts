import { zipNames } from "./zip-names.ts";

export interface ContentType {
  readonly kind: "image" | "audio" | "video" | "file";
  readonly mimeType: string;
  /** The usual file name extension first, without a dot, then others that mean the same. */
  readonly extensions: readonly [string, ...string[]];
}

/**
 * What `data` is, by its first bytes; nothing for what is of no known type, and for web pages and SVG drawings, which can
 * hold scripts. `extension` is that of the link: it tells plain texts, which have no first bytes of their own, apart.
 */
export function contentTypeOf(data: Buffer, extension: string): ContentType | undefined {
  for (const [type, is] of signatures) if (is(data)) return type;
  if (begins(data, "PK\u0003\u0004")) return zipType(data);
  if (begins(data, "ftyp", 4)) return boxType(data);
  return isPlainText(data) ? texts.find(({ extensions }) => extensions.includes(extension)) : undefined;
}

function type(kind: ContentType["kind"], mimeType: string, ...extensions: ContentType["extensions"]): ContentType {
  return { kind, mimeType, extensions };
}

const signatures: readonly (readonly [ContentType, (data: Buffer) => boolean])[] = [
  [type("image", "image/png", "png"), (data) => begins(data, "\u0089PNG\r\n\u001a\n")],
  [type("image", "image/jpeg", "jpg", "jpeg", "jfif"), (data) => begins(data, "\u00ff\u00d8\u00ff")],
  [type("image", "image/gif", "gif"), (data) => begins(data, "GIF87a") || begins(data, "GIF89a")],
  [type("image", "image/webp", "webp"), (data) => begins(data, "RIFF") && begins(data, "WEBP", 8)],
  [type("image", "image/bmp", "bmp"), isBitmap],
  [type("file", "application/pdf", "pdf"), (data) => begins(data, "%PDF-")],
  [type("video", "video/ogg", "ogv"), (data) => isOgg(data, "\u0080theora")],
  [
    type("audio", "audio/ogg", "ogg", "oga", "opus"),
    (data) => isOgg(data, "OpusHead", "\u0001vorbis", "Speex", "\u007fFLAC"),
  ],
  [type("audio", "audio/wav", "wav"), (data) => begins(data, "RIFF") && begins(data, "WAVE", 8)],
  [type("video", "video/x-msvideo", "avi"), (data) => begins(data, "RIFF") && begins(data, "AVI ", 8)],
  [type("audio", "audio/flac", "flac"), (data) => begins(data, "fLaC")],
  [type("audio", "audio/amr", "amr"), (data) => begins(data, "#!AMR")],
  [type("audio", "audio/mpeg", "mp3"), (data) => begins(data, "ID3") || isAudioFrame(data, 0b01)],
  [type("audio", "audio/aac", "aac"), (data) => isAudioFrame(data, 0b00)],
  [type("video", "video/webm", "webm"), (data) => isMatroska(data, "webm")],
  [type("video", "video/x-matroska", "mkv"), (data) => isMatroska(data, "matroska")],
  [type("file", "application/x-7z-compressed", "7z"), (data) => begins(data, "7z\u00bc\u00af\u0027\u001c")],
  [type("file", "application/vnd.rar", "rar"), (data) => begins(data, "Rar!\u001a\u0007")],
  [type("file", "application/rtf", "rtf"), (data) => begins(data, "{\\rtf")],
  [
    type("file", "application/x-ole-storage", "doc", "xls", "ppt"),
    (data) => begins(data, "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1"),
  ],
];

/** `bytes` as Latin-1. */
function begins(data: Buffer, bytes: string, offset = 0): boolean {
  return data.toString("latin1", offset, offset + bytes.length) === bytes;
}

/** Two letters are not enough: the reserved field is empty, and the header that follows has one of a few lengths. */
function isBitmap(data: Buffer): boolean {
  const isHeader = begins(data, "BM") && data.length > 26;
  return isHeader && data.readUInt32LE(6) === 0 && bitmapHeaders.has(data.readUInt32LE(14));
}

const bitmapHeaders: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);

/** The first packet, which names the codec, comes behind a page header of 27 bytes and one length (RFC 3533). */
function isOgg(data: Buffer, ...codecs: readonly string[]): boolean {
  return begins(data, "OggS") && codecs.some((codec) => begins(data, codec, 28));
}

/** The header of an MPEG audio frame: sync bits, the layer, and no value that is reserved. */
function isAudioFrame(data: Buffer, layer: number): boolean {
  const [first = 0, second = 0, third = 0] = data;
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || ((second >> 1) & 0b11) !== layer) return false;
  if (layer === 0) return (second & 0xf0) === 0xf0;
  const [version, bitRate, sampleRate] = [(second >> 3) & 0b11, third >> 4, (third >> 2) & 0b11];
  return version !== 0b01 && bitRate !== 0 && bitRate !== 0b1111 && sampleRate !== 0b11;
}

function isMatroska(data: Buffer, documentType: string): boolean {
  return begins(data, "\u001a\u0045\u00df\u00a3") && data.subarray(0, 64).includes(documentType);
}

/** Office documents are ZIP archives with folders of their own; OpenDocument and EPUB say what they are in the first file. */
function zipType(data: Buffer): ContentType {
  const names = zipNames(data);
  const office = officeFolders.find(([folder]) => names.some((name) => name.startsWith(folder)));
  if (names.includes("[Content_Types].xml") && office) return office[1];
  const told = data.toString("latin1", 38, 120);
  return namedInside.find(({ mimeType }) => begins(data, "mimetype", 30) && told.startsWith(mimeType)) ?? zip;
}

const zip = type("file", "application/zip", "zip");

const openXml = "application/vnd.openxmlformats-officedocument";

const officeFolders: readonly (readonly [string, ContentType])[] = [
  ["word/", type("file", `${openXml}.wordprocessingml.document`, "docx")],
  ["xl/", type("file", `${openXml}.spreadsheetml.sheet`, "xlsx")],
  ["ppt/", type("file", `${openXml}.presentationml.presentation`, "pptx")],
];

const namedInside: readonly ContentType[] = [
  type("file", "application/epub+zip", "epub"),
  type("file", "application/vnd.oasis.opendocument.text", "odt"),
  type("file", "application/vnd.oasis.opendocument.spreadsheet", "ods"),
  type("file", "application/vnd.oasis.opendocument.presentation", "odp"),
];

/** The family of MP4 (ISO 14496-12): the brands in the first box tell its members apart. */
function boxType(data: Buffer): ContentType {
  const end = Math.min(data.readUInt32BE(0), data.length, 64);
  const brands = data.toString("latin1", 8, end);
  const major = brands.slice(0, 4);
  if (/avi[fs]/.test(brands)) return type("image", "image/avif", "avif");
  if (/^(?:hei|hev|mif1|msf1)/.test(major)) return type("image", "image/heic", "heic", "heif");
  if (/^M4[AB] /.test(major)) return type("audio", "audio/mp4", "m4a");
  if (major === "qt  ") return type("video", "video/quicktime", "mov");
  return type("video", "video/mp4", "mp4", "m4v");
}

const texts: readonly ContentType[] = [
  type("file", "text/plain", "txt"),
  type("file", "text/csv", "csv"),
  type("file", "application/x-subrip", "srt"),
];

/** Text in any encoding that keeps ASCII, and no markup such as a web page. */
function isPlainText(data: Buffer): boolean {
  const isMarkup = /^(?:\u00ef\u00bb\u00bf)?\s*</.test(data.toString("latin1", 0, 1000));
  return data.length > 0 && !isMarkup && data.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
