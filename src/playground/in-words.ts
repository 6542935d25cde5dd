import type { ShownFile } from "./chat-platform.ts";

/** What a terminal shows in the place of a file. */
export function fileInWords({ kind, isVoice, name, bytes }: ShownFile): string {
  return `[${isVoice ? "voice message" : kindInWords[kind]} ${name}, ${sizeInWords(bytes.length)}]`;
}

const kindInWords = { image: "picture", audio: "sound", video: "video", file: "file" } as const;

function sizeInWords(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(0)} kB`;
}

export function buttonInWords(label: string): string {
  return `[ ${label} ]`;
}
