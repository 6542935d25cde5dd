import { MEGABYTE } from "../preparation/size-limit.ts";
import type { Settings } from "./settings.ts";
import { readWholeNumber } from "./values.ts";

/** The largest attachment that is passed on, in bytes. Coze takes 512 MB (Coze docs upload_files). */
export function readFileLimit(settings: Settings): number {
  const next = "It is the size in MB of the largest file that is passed on; without it, 50 is used.";
  return (readWholeNumber(settings, "FILE_MAX_MB", { min: 1, max: 512, next }) ?? 50) * MEGABYTE;
}
