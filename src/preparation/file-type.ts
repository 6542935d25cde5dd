import type { Attachment } from "../adapter.ts";
import type { QuestionFile } from "../coze/agent.ts";
import { extensionOf } from "../media/file-name.ts";

/** How Coze is given a file: it tells the type by the name's extension alone. */
export interface FileType {
  readonly kind: QuestionFile["kind"];
  readonly name: string;
}

/** Nothing for a file of a type that Coze does not take. */
export function fileTypeOf({ name, mimeType = "" }: Pick<Attachment, "name" | "mimeType">): FileType | undefined {
  const written = extensionOf(name);
  const known = otherSpellings.get(written) ?? written;
  const ofName = kinds.get(known);
  if (ofName) return { kind: ofName, name: `${name.slice(0, -written.length)}${known}` };
  const told = extensions.get(mimeType.toLowerCase()) ?? "";
  const ofMimeType = kinds.get(told);
  return ofMimeType && { kind: ofMimeType, name: `${name || ofMimeType}.${told}` };
}

/** Coze docs upload_files. A video is a file like any other in a question. */
const kinds: ReadonlyMap<string, QuestionFile["kind"]> = new Map([
  ...ofKind("image", "jpg jpeg jpg2 png gif webp heic heif bmp pcd tiff"),
  ...ofKind("audio", "wav mp3 flac m4a aac ogg wma midi"),
  ...ofKind("file", "pdf doc docx xls xlsx ppt pptx numbers csv cpp py java c rar zip 7z gz gzip bz2"),
  ...ofKind("file", "mp4 avi mov 3gp 3gpp flv webm wmv rmvb m4v mkv"),
]);

function ofKind(kind: QuestionFile["kind"], list: string): [string, QuestionFile["kind"]][] {
  return list.split(" ").map((extension) => [extension, kind]);
}

/** The same types under extensions that Coze's list does not have. */
const otherSpellings: ReadonlyMap<string, string> = new Map([
  ["oga", "ogg"],
  ["opus", "ogg"],
  ["jfif", "jpg"],
  ["tif", "tiff"],
  ["mid", "midi"],
]);

const openXml = "application/vnd.openxmlformats-officedocument";

const extensions: ReadonlyMap<string, string> = new Map([
  ["image/jpeg", "jpg"],
  ["image/png", "png"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
  ["image/heic", "heic"],
  ["image/heif", "heif"],
  ["image/bmp", "bmp"],
  ["image/tiff", "tiff"],
  ["audio/wav", "wav"],
  ["audio/x-wav", "wav"],
  ["audio/mpeg", "mp3"],
  ["audio/flac", "flac"],
  ["audio/x-flac", "flac"],
  ["audio/mp4", "m4a"],
  ["audio/x-m4a", "m4a"],
  ["audio/aac", "aac"],
  ["audio/ogg", "ogg"],
  ["audio/opus", "ogg"],
  ["audio/x-ms-wma", "wma"],
  ["audio/midi", "midi"],
  ["video/mp4", "mp4"],
  ["video/x-msvideo", "avi"],
  ["video/quicktime", "mov"],
  ["video/3gpp", "3gp"],
  ["video/x-flv", "flv"],
  ["video/webm", "webm"],
  ["video/x-ms-wmv", "wmv"],
  ["video/x-matroska", "mkv"],
  ["application/pdf", "pdf"],
  ["application/msword", "doc"],
  ["application/vnd.ms-excel", "xls"],
  ["application/vnd.ms-powerpoint", "ppt"],
  [`${openXml}.wordprocessingml.document`, "docx"],
  [`${openXml}.spreadsheetml.sheet`, "xlsx"],
  [`${openXml}.presentationml.presentation`, "pptx"],
  ["text/csv", "csv"],
  ["application/zip", "zip"],
  ["application/vnd.rar", "rar"],
  ["application/x-7z-compressed", "7z"],
  ["application/gzip", "gz"],
  ["application/x-bzip2", "bz2"],
]);
