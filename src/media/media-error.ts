/**
 * Why a link's file could not be had.
 *
 * | code | meaning |
 * |---|---|
 * | `bad-address` | no address that is ever opened: another scheme than http(s), another port than 80 and 443, a password in it |
 * | `not-public` | the host is, or its name leads to, an address that is not a public one on the internet |
 * | `unreachable` | no answer: no such name, no connection, or one that broke |
 * | `refused` | the server answered with another status than 200 |
 * | `too-many-redirects` | the server sent on more often than is followed |
 * | `too-large` | more bytes than the limit |
 * | `timed-out` | the whole took too long, or nothing came for too long |
 * | `not-media` | what came is a web page, an SVG drawing or of no known type |
 */
export type MediaErrorCode =
  | "bad-address"
  | "not-public"
  | "unreachable"
  | "refused"
  | "too-many-redirects"
  | "too-large"
  | "timed-out"
  | "not-media";

/** A link's file could not be had. The message names the host alone: the rest of an address is often a signature. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  readonly code: MediaErrorCode;
  /** HTTP status, with `refused`. */
  readonly status: number | undefined;

  constructor(
    code: MediaErrorCode,
    message: string,
    details: { readonly cause?: unknown; readonly status?: number } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
  }
}
