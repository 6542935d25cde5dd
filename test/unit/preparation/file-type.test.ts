import { expect, it } from "vitest";
import { fileTypeOf } from "../../../src/preparation/file-type.ts";

it.each<[string, string | undefined, string, string]>([
  ["cat.png", "image/png", "image", "cat.png"],
  ["CAT.PNG", undefined, "image", "CAT.png"],
  ["a.b.jpeg", undefined, "image", "a.b.jpeg"],
  ["photo.jfif", "image/jpeg", "image", "photo.jpg"],
  ["scan.tif", undefined, "image", "scan.tiff"],
  ["voice.oga", "audio/ogg", "audio", "voice.ogg"],
  ["voice.opus", "audio/ogg", "audio", "voice.ogg"],
  ["song.mp3", "audio/mpeg", "audio", "song.mp3"],
  ["clip.mp4", "video/mp4", "file", "clip.mp4"],
  ["clip.3gp", undefined, "file", "clip.3gp"],
  ["a.7z", undefined, "file", "a.7z"],
  ["表.csv", "text/csv", "file", "表.csv"],
  ["main.c", "text/plain", "file", "main.c"],
  ["file", "application/pdf", "file", "file.pdf"],
  ["", "image/webp", "image", "image.webp"],
  ["report.final", "application/pdf", "file", "report.final.pdf"],
  ["IMG_0001", "Image/JPEG", "image", "IMG_0001.jpg"],
])("%j of the type %s goes to Coze as %s under the name %j", (name, mimeType, kind, uploadedAs) => {
  expect(fileTypeOf({ name, ...(mimeType !== undefined && { mimeType }) })).toEqual({ kind, name: uploadedAs });
});

it.each([
  ["notes.txt", "text/plain"],
  ["notes.md", "text/markdown"],
  ["data.json", "application/json"],
  ["page.html", "text/html"],
  ["drawing.svg", "image/svg+xml"],
  ["program.exe", "application/octet-stream"],
  ["file", undefined],
  [".png", undefined],
  ["", ""],
])("%j of the type %s is none that Coze takes", (name, mimeType) => {
  expect(fileTypeOf({ name, ...(mimeType !== undefined && { mimeType }) })).toBeUndefined();
});
