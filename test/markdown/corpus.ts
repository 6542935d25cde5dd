import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("corpus/", import.meta.url);

/** Answers as language models give them, by name. */
export const corpus: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(folder).map((file) => [file.replace(/\.md$/, ""), readFileSync(new URL(file, folder), "utf8")]),
);
