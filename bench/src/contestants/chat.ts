import { createDiscordAdapter } from "@chat-adapter/discord";
import { createMemoryState } from "@chat-adapter/state-memory";
import { createTelegramAdapter } from "@chat-adapter/telegram";
import { type Adapter, Chat, ConsoleLogger, type StateAdapter } from "chat";
import type { OpenPlatform } from "../platform-process.ts";
import type { Contestant } from "./contestant.ts";

/** The npm package `chat` with its own adapters and their defaults. */
export const chat: Contestant = contestant(false);

/** The same with Telegram's native drafts switched on. */
export const chatWithDrafts: Contestant = contestant(true);

/** The guild stands in the package's ids alone. */
const anyGuild = "111111111111111111";

function contestant(nativeStreaming: boolean): Contestant {
  return {
    async open(platform) {
      const bot = new Chat({
        userName: "b_bot",
        logger: "silent",
        // The packages bring several versions of the same types along.
        state: createMemoryState() as unknown as StateAdapter,
        adapters: adaptersFor(platform, nativeStreaming) as unknown as Record<string, Adapter>,
      });
      await bot.initialize();
      const idOf = (room: string) =>
        platform.name === "telegram" ? `telegram:${room}` : `discord:${anyGuild}:${room}`;
      return {
        answer: async (room, deltas) => void (await bot.thread(idOf(room)).post(deltas)),
        close: () => bot.shutdown(),
      };
    },
  };
}

function adaptersFor({ name, environment }: OpenPlatform, nativeStreaming: boolean) {
  const { TELEGRAM_BOT_TOKEN = "", TELEGRAM_API_BASE = "", DISCORD_TOKEN = "", DISCORD_API_BASE = "" } = environment;
  const logger = new ConsoleLogger("silent");
  if (name === "discord") {
    const keys = { botToken: DISCORD_TOKEN, applicationId: "1", publicKey: "a".repeat(64) };
    return { discord: createDiscordAdapter({ ...keys, logger, apiUrl: `${DISCORD_API_BASE}/v10` }) };
  }
  return {
    telegram: createTelegramAdapter({
      botToken: TELEGRAM_BOT_TOKEN,
      apiUrl: TELEGRAM_API_BASE,
      mode: "webhook",
      secretToken: "s",
      userName: "b_bot",
      nativeStreaming,
      logger,
    }),
  };
}
