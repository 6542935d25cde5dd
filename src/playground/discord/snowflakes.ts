import type { Clock } from "../../clock.ts";

/** Milliseconds of 2015-01-01, from which Discord counts. */
const discordEpoch = 1_420_070_400_000;
/** The first millisecond whose ids have 17 digits; discord.js takes shorter ones for something else. */
const firstMillisecond = Math.ceil(10 ** 17 / 2 ** 22);

/** Makes ids of 17 to 19 digits that hold the time and always grow, also when the clock stands still. */
export function snowflakeSource(clock: Clock): () => string {
  let last = 0n;
  return () => {
    const milliseconds = Math.max(clock.now() - discordEpoch, firstMillisecond);
    const byTime = BigInt(Math.floor(milliseconds)) << 22n;
    last = byTime > last ? byTime : last + 1n;
    return last.toString();
  };
}

export function isSnowflake(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}

/** Negative when `a` is older than `b`. */
export function compareSnowflakes(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
