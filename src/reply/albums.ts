import type { Capabilities, MediaItem } from "../adapter.ts";

/** A file of a segment, and its place among the segment's files. */
export interface PlacedFile {
  readonly index: number;
  readonly item: MediaItem;
}

/**
 * Puts files that can be shown together into albums, in their order: pictures with videos, sounds with sounds, documents
 * with documents; moving pictures and voice messages stand alone.
 */
export function albumsOf(
  files: readonly PlacedFile[],
  { mostInAlbum }: Pick<Capabilities, "mostInAlbum">,
): PlacedFile[][] {
  const albums: PlacedFile[][] = [];
  for (const file of files) {
    const album = albums.at(-1);
    const isFitting = album && album.length < mostInAlbum && areAlike(album, file) && isLight([...album, file]);
    if (isFitting) album.push(file);
    else albums.push([file]);
  }
  return albums;
}

type Look = "visual" | "sound" | "document" | "alone";

function areAlike([first]: readonly PlacedFile[], { item }: PlacedFile): boolean {
  const look = lookOf(item);
  return look !== "alone" && first !== undefined && lookOf(first.item) === look;
}

/** Telegram shows other pictures and videos as documents, and all of an album with them. */
function lookOf({ kind, mimeType, data }: MediaItem): Look {
  if (kind === "voice" || mimeType === "image/gif") return "alone";
  if (kind === "audio") return "sound";
  const isVisual = visualTypes.has(mimeType) && (kind !== "image" || data.length <= mostPhotoBytes);
  return isVisual ? "visual" : "document";
}

const visualTypes: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp", "video/mp4"]);

/** The largest picture that Telegram shows as one (Bot API 10.3: 10 MB). */
const mostPhotoBytes = 10_000_000;

function isLight(files: readonly PlacedFile[]): boolean {
  return files.reduce((sum, { item }) => sum + item.data.length, 0) <= mostAlbumBytes;
}

/** What one request may hold on Discord, with some room for the request itself ("maximum request size ... is 25 MiB"). */
const mostAlbumBytes = 24 * 1024 * 1024;
