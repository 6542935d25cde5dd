/** In bytes. */
export const MEGABYTE = 1024 * 1024;

/** `sentence` with a size in whole megabytes in the place of `{limit}`. */
export function withLimit(sentence: string, limitBytes: number): string {
  return sentence.replace("{limit}", String(Math.floor(limitBytes / MEGABYTE)));
}
