import type { SentFile } from "../../src/playground/chat-platform.ts";

/** A picture whose bytes tell whether one was lost: no piece of it is like another. */
export const picture: SentFile = {
  kind: "image",
  name: "cat.png",
  mimeType: "image/png",
  bytes: Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index + (index >> 7)) % 251)),
};

export const otherPicture: SentFile = { ...picture, name: "dog.png", bytes: Buffer.from("a dog") };

export const table: SentFile = { kind: "file", name: "table.csv", mimeType: "text/csv", bytes: Buffer.from("1,2") };

export const song: SentFile = { kind: "audio", name: "song.mp3", mimeType: "audio/mpeg", bytes: Buffer.from("la la") };

/** Of a type that Coze does not take. */
export const program: SentFile = {
  kind: "file",
  name: "setup.exe",
  mimeType: "application/x-msdownload",
  bytes: Buffer.from("MZ"),
};

export const notes: SentFile = {
  kind: "file",
  name: "notes.txt",
  mimeType: "text/plain",
  bytes: Buffer.from("The cat is called Minka."),
};

export const film: SentFile = { kind: "video", name: "film.mp4", mimeType: "video/mp4", bytes: Buffer.from("a film") };
