import { randomBytes } from "node:crypto";

/** 12 characters, lower case: short enough to be a part of a nonce. */
export function newId(): string {
  return randomBytes(9)
    .toString("base64url")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "x");
}
