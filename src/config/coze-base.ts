import type { Settings } from "./settings.ts";
import { readAddress, withoutSlash } from "./values.ts";

/** The server of Coze's API, by default the one in China. */
export function readCozeBase(settings: Settings): string {
  const fallback = "https://api.coze.cn";
  const url = readAddress(settings, "COZE_API_BASE");
  if (!url) return fallback;
  const [, region] = /(?:^|\.)coze\.(cn|com)$/.exec(url.hostname) ?? [];
  const meant = region ? `https://api.coze.${region}` : url.origin;
  if (region && url.hostname !== `api.coze.${region}`) {
    settings.refuse("COZE_API_BASE", `${url.hostname} is not Coze's API.`, `Set it to ${meant}.`);
  } else if (url.pathname !== "/") {
    settings.refuse(
      "COZE_API_BASE",
      `The bridge adds paths by itself; got ${url.pathname} too.`,
      `Set it to ${meant}.`,
    );
  } else if (region && url.protocol !== "https:") {
    settings.refuse("COZE_API_BASE", "Without https, tokens would travel unprotected.", `Set it to ${meant}.`);
  }
  return withoutSlash(url);
}
