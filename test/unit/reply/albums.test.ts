import { expect, it } from "vitest";
import type { MediaItem } from "../../../src/adapter.ts";
import { albumsOf } from "../../../src/reply/albums.ts";

const types: Readonly<Record<string, [MediaItem["kind"], string]>> = {
  png: ["image", "image/png"],
  jpg: ["image", "image/jpeg"],
  gif: ["image", "image/gif"],
  heic: ["image", "image/heic"],
  bmp: ["image", "image/bmp"],
  mp4: ["video", "video/mp4"],
  webm: ["video", "video/webm"],
  mp3: ["audio", "audio/mpeg"],
  pdf: ["file", "application/pdf"],
  voice: ["voice", "audio/ogg"],
};

/** `png:3` is a picture of three million bytes. */
function grouped(files: string): string {
  const placed = files.split(" ").map((file, index) => {
    const [type = "", size = "0"] = file.split(":");
    const [kind, mimeType] = types[type] ?? ["file", ""];
    return { index, item: { kind, mimeType, name: file, data: new Uint8Array(Number(size) * 1e6) } };
  });
  return albumsOf(placed, { mostInAlbum: 10 })
    .map((album) => album.map(({ item }) => item.name).join(" "))
    .join(" | ");
}

it.each([
  ["png", "png"],
  ["png jpg mp4", "png jpg mp4"],
  ["png mp3 mp3 pdf png", "png | mp3 mp3 | pdf | png"],
  ["heic bmp webm pdf", "heic bmp webm pdf"],
  ["png heic", "png | heic"],
  ["gif gif", "gif | gif"],
  ["voice voice", "voice | voice"],
  ["png:9 png:11 png:9", "png:9 | png:11 | png:9"],
  ["pdf:10 pdf:10 pdf:10", "pdf:10 pdf:10 | pdf:10"],
  [Array(12).fill("png").join(" "), `${Array(10).fill("png").join(" ")} | png png`],
])("files share an album where all platforms show it well: %s", (files, albums) => {
  expect(grouped(files)).toBe(albums);
});
