import { closest } from "./did-you-mean.ts";
import type { VariableName } from "./env.ts";
import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";

/** One of a few words. */
export function readChoice<T extends string>(
  settings: Settings,
  name: VariableName,
  choices: readonly T[],
  fallback: T,
): T {
  const value = settings.text(name);
  if (value === undefined) return fallback;
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const meant = closest(value, choices) ?? choices.find((choice) => value.startsWith(choice));
  const next = meant ? `Did you mean ${meant}?` : `Without it, ${fallback} is used.`;
  settings.refuse(name, `Expected one of ${choices.join(", ")}; got ${quote(value)}.`, next);
  return fallback;
}

/** `true` or `false`; false when it isn't set. */
export function readFlag(settings: Settings, name: VariableName): boolean {
  const value = settings.text(name);
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  const meant = /^(true|yes|on|1)$/i.test(value) ? "true" : /^(false|no|off|0)$/i.test(value) ? "false" : undefined;
  const next = meant ? `Did you mean ${meant}?` : "Without it, false is used.";
  settings.refuse(name, `Expected true or false; got ${quote(value)}.`, next);
  return false;
}

/** What stands between commas, without blanks; a comma too many does no harm. */
export function readList(settings: Settings, name: VariableName): readonly string[] {
  const parts = settings.text(name)?.split(",") ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** A whole number; nothing when it isn't set or is refused. `next` says what to do about another value. */
export function readWholeNumber(
  settings: Settings,
  name: VariableName,
  { min, max, next }: { readonly min: number; readonly max: number; readonly next: string },
): number | undefined {
  const value = settings.text(name);
  if (value === undefined) return undefined;
  const number = wholeNumber(value);
  if (number >= min && number <= max) return number;
  return settings.refuse(name, `Expected a whole number from ${min} to ${max}; got ${quote(value)}.`, next);
}

/** A time in whole milliseconds. */
export function readMilliseconds(
  settings: Settings,
  name: VariableName,
  limits: { readonly fallback: number; readonly min: number; readonly max: number },
): number {
  const { fallback, min, max } = limits;
  const value = settings.text(name);
  if (value === undefined) return fallback;
  const number = wholeNumber(value);
  if (number >= min && number <= max) return number;
  const meant = duration(value);
  const next = meant === undefined ? `The default is ${fallback}.` : `Did you mean ${meant}?`;
  settings.refuse(name, `Expected whole milliseconds from ${min} to ${max}; got ${quote(value)}.`, next);
  return fallback;
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Milliseconds of `90s`, `2 min`, `1h`. */
function duration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)\s*(ms|s|m|h)[a-z]*$/i.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit?.toLowerCase() ?? ""];
  return factor && Number(amount) * factor;
}

/** An http or https address, without a slash at its end. */
export function readAddress(settings: Settings, name: VariableName): URL | undefined {
  const value = settings.text(name);
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return settings.refuse(
      name,
      `Expected an address that begins with https://; got ${quote(value)}.`,
      "Write it whole.",
    );
  }
  if (url.search || url.hash || url.username || url.password) {
    const next = `Keep ${url.origin}${url.pathname} of it.`;
    return settings.refuse(name, "Expected an address without user name, question mark and #.", next);
  }
  return url;
}

/** The address as a prefix for paths. */
export function withoutSlash(url: URL): string {
  return url.href.replace(/\/+$/, "");
}

/** Whether an HTTP header can carry the text: printable ASCII without blanks. Pasted invisible marks and curly quotes fail. */
export function isTransmissible(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
