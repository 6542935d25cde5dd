import { describe, expect, it } from "vitest";
import type { MediaItem } from "../../../src/adapter.ts";
import { albumsOf } from "../../../src/reply/albums.ts";
import type { PlatformName } from "../../support/world.ts";
import { openChat } from "./chat.ts";

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
async function grouped(name: PlatformName, files: string): Promise<string> {
  const { adapter } = await openChat(name);
  const placed = files.split(" ").map((file, index) => {
    const [type = "", size = "0"] = file.split(":");
    const [kind, mimeType] = types[type] ?? ["file", ""];
    return { index, item: { kind, mimeType, name: file, data: new Uint8Array(Number(size) * 1e6) } };
  });
  return albumsOf(placed, adapter.capabilities)
    .map((album) => album.map(({ item }) => item.name).join(" "))
    .join(" | ");
}

const eleven = Array(11).fill("png").join(" ");
const ten = Array(10).fill("png").join(" ");

describe("files share an album where Telegram shows each as well as alone", () => {
  it.each([
    ["png", "png"],
    ["png jpg mp4", "png jpg mp4"],
    ["png mp3 mp3 pdf png", "png | mp3 mp3 | pdf | png"],
    ["heic bmp webm pdf", "heic bmp webm pdf"],
    ["png heic", "png | heic"],
    ["gif gif", "gif | gif"],
    ["pdf gif", "pdf | gif"],
    ["voice voice", "voice | voice"],
    ["png:9 png:11 png:9", "png:9 | png:11 | png:9"],
    ["pdf:10 pdf:10 pdf:10", "pdf:10 pdf:10 pdf:10"],
    [eleven, `${ten} | png`],
  ])("%s", async (files, albums) => {
    expect(await grouped("telegram", files)).toBe(albums);
  });
});

describe("files share a message on Discord as far as its requests reach", () => {
  it.each([
    ["png mp3 pdf gif heic webm", "png mp3 pdf gif heic webm"],
    ["voice voice", "voice | voice"],
    ["png voice png", "png | voice | png"],
    ["pdf:10 pdf:10 pdf:10", "pdf:10 pdf:10 | pdf:10"],
    [eleven, `${ten} | png`],
  ])("%s", async (files, albums) => {
    expect(await grouped("discord", files)).toBe(albums);
  });
});
