import { randomInt } from "node:crypto";
import type { MediaType } from "./attachments.ts";

/** The fewest and the most files of an album. */
export const albumSize = { min: 2, max: 10 } as const;

/** Whether one album can show files of these types: photos and videos mix, documents and music stay among themselves. */
export function sharesAlbum(types: readonly MediaType[]): boolean {
  const families = new Set(types.map((type) => (type === "video" ? "photo" : type)));
  return types.length <= albumSize.max && families.size === 1 && !families.has("voice");
}

/** A `media_group_id`. */
export function newAlbum(): string {
  return String(randomInt(10 ** 13, 10 ** 14));
}
