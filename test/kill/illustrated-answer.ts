import { createHash } from "node:crypto";
import type { LinkServer, Serving } from "../support/link-server.ts";
import { refusing } from "../support/link-server.ts";
import { markedText, signOf } from "../support/outcome.ts";
import { sample } from "../unit/media/samples.ts";

/** A paragraph of so many words, or pictures between two of them. */
export type Section = number | Pictures;
/** An album has two; a missing one is nowhere. */
export type Pictures = "picture" | "album" | "missing";

/** An answer of texts and pictures. */
export interface IllustratedAnswer {
  readonly markdown: string;
  /** What is to be seen of each section. */
  readonly seen: readonly string[];
  /** Where its pictures are, in order. */
  readonly links: readonly string[];
}

/** Writes an answer whose words have this mark, and gives its pictures to a server, as `serving` has it. */
export function illustratedAnswer(
  mark: string,
  sections: readonly Section[],
  server: LinkServer,
  serving: (picture: Uint8Array) => Uint8Array | Serving = (picture) => picture,
): IllustratedAnswer {
  const links: string[] = [];
  let words = 0;
  const written = sections.map((section) => {
    if (typeof section === "number") {
      const text = markedText(mark, section, words + 1);
      words += section;
      return { markdown: text, seen: text };
    }
    const pictures = Array.from({ length: section === "album" ? 2 : 1 }, () => {
      const name = `${mark}-picture-${links.length + 1}.png`;
      const bytes = pictureCalled(name);
      const link = server.link(name, section === "missing" ? refusing(404) : serving(bytes));
      links.push(link);
      // What can't be had stays a link.
      return { markdown: `![${name}](${link})`, seen: section === "missing" ? name : signOf({ bytes }) };
    });
    return {
      markdown: pictures.map(({ markdown }) => markdown).join("\n"),
      seen: pictures.map(({ seen }) => seen).join("\n"),
    };
  });
  return {
    markdown: written.map(({ markdown }) => markdown).join("\n\n"),
    seen: written.map(({ seen }) => seen),
    links,
  };
}

/** A PNG of 64 pixels by 64, whose bytes no picture of another name has. */
export function pictureCalled(name: string): Buffer {
  const size = Buffer.from([0, 0, 0, 64, 0, 0, 0, 64]);
  const blocks = Array.from({ length: 600 }, (_, n) => createHash("sha256").update(`${name} ${n}`).digest());
  return Buffer.concat([sample("png"), size, ...blocks]);
}
