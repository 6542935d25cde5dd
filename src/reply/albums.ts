import type { Capabilities, MediaItem } from "../adapter.ts";

/** A file of a segment, and its place among the segment's files. */
export interface PlacedFile {
  readonly index: number;
  readonly item: MediaItem;
}

type AlbumRules = Pick<Capabilities, "mostInAlbum" | "maxAlbumBytes" | "sharesAlbum">;

/** Puts files that the platform can show together into albums, in their order. */
export function albumsOf(files: readonly PlacedFile[], rules: AlbumRules): PlacedFile[][] {
  const albums: PlacedFile[][] = [];
  for (const file of files) {
    const album = albums.at(-1);
    if (album && isFitting(file, album, rules)) album.push(file);
    else albums.push([file]);
  }
  return albums;
}

function isFitting(
  { item }: PlacedFile,
  album: readonly PlacedFile[],
  { mostInAlbum, maxAlbumBytes = Number.POSITIVE_INFINITY, sharesAlbum }: AlbumRules,
): boolean {
  const bytes = album.reduce((sum, other) => sum + other.item.data.length, item.data.length);
  return album.length < mostInAlbum && bytes <= maxAlbumBytes && album.every((other) => sharesAlbum(other.item, item));
}
