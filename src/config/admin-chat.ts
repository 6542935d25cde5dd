import { closest } from "./did-you-mean.ts";
import type { PlatformSettings } from "./platforms.ts";
import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";

/** The chat in which the operator hears of what only the operator can mend. */
export interface AdminChat {
  readonly platform: AdminPlatform;
  /** As the platform shows it to the operator. */
  readonly chatId: string;
}

type AdminPlatform = keyof typeof chatIds;

/** What a chat's id looks like, and in words. */
const chatIds = {
  telegram: {
    pattern: /^-?\d{1,19}$/,
    token: "TELEGRAM_BOT_TOKEN",
    next: "Use the chat's numeric id: a person's own id for a private chat; that of a group begins with a minus sign.",
  },
  discord: {
    pattern: /^\d{17,20}$/,
    token: "DISCORD_TOKEN",
    next: "Switch on Developer Mode in Discord, right-click the channel and choose Copy Channel ID.",
  },
} as const;

const platformNames = Object.keys(chatIds) as AdminPlatform[];

/** `telegram:<chat id>` or `discord:<channel id>`, of a platform that is on. */
export function readAdminChat(settings: Settings, isOn: PlatformSettings): AdminChat | undefined {
  const name = "ADMIN_CHAT";
  const value = settings.text(name);
  if (value === undefined) return undefined;
  const [prefix = "", chatId = ""] = value.split(/:(.*)/s, 2);
  const platform = platformNames.find((known) => known === prefix);
  if (!platform) {
    const meant = closest(prefix, platformNames);
    const next = meant ? `Did you mean ${meant}?` : "For example telegram:123456789.";
    return settings.refuse(name, `Expected telegram:<chat id> or discord:<channel id>; got ${quote(value)}.`, next);
  }
  const { pattern, token, next } = chatIds[platform];
  if (!isOn[platform]) {
    return settings.refuse(name, `It names ${platform}, which is off.`, `Set ${token} too, or remove it.`);
  }
  if (pattern.test(chatId)) return { platform, chatId };
  return settings.refuse(name, `Expected the id of a chat after ${platform}:; got ${quote(chatId)}.`, next);
}
