import { randomBytes } from "node:crypto";

const FIRST_ID = 7_500_000_000_000_000_000n;

/**
 * Makes ids as Coze does: int64 in decimal, as strings. Neighbours differ by one, far below what a JavaScript number
 * can tell apart at this size, so a client that parses ids mixes them up here as well.
 */
export function createIds(): () => string {
  let last = FIRST_ID;
  return () => {
    last += 1n;
    return String(last);
  };
}

/** The id of one request in Coze's logs: its time of day and a random tail. */
export function createLogId(now: number): string {
  const time = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  return `${time}${randomBytes(9).toString("hex").toUpperCase()}`;
}
