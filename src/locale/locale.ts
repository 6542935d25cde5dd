import { en, type Words } from "./en.ts";
import { zh } from "./zh.ts";

export type Locale = "en" | "zh";

/** The words of a language, English for a language that is not known here. */
export function words(locale: string): Words {
  return locale === "zh" ? zh : en;
}

/** The language to speak with someone: what the platform says of them, else the script they write in. */
export function chooseLocale(platformLocale: string | undefined, text: string): Locale {
  if (platformLocale) return /^zh(?![a-z])/i.test(platformLocale) ? "zh" : "en";
  return /\p{Script=Han}/u.test(text) ? "zh" : "en";
}
