import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { createDiscordAdapter } from "../../adapters/discord/index.ts";
import { createTelegramAdapter } from "../../adapters/telegram/index.ts";
import { platformNames } from "../support/world.ts";
import { describeAdapterContract } from "./adapter-contract.ts";

describeAdapterContract({
  platform: "telegram",
  createAdapter: ({ TELEGRAM_BOT_TOKEN: token = "", TELEGRAM_API_BASE: apiBase = "" }, surroundings) =>
    createTelegramAdapter({ ...surroundings, token, apiBase }),
});

describeAdapterContract({
  platform: "discord",
  createAdapter: ({ DISCORD_TOKEN: token = "", DISCORD_API_BASE: apiBase = "" }, surroundings) =>
    createDiscordAdapter({ ...surroundings, token, apiBase, messageContent: false }),
});

it.each(platformNames)("the folder of the %s adapter has the files that every adapter has", (platform) => {
  const files = readdirSync(new URL(`../../adapters/${platform}`, import.meta.url));
  const common = ["index", "inbound", "outbound", "render", "commands", "errors", "address", "attachments"];
  expect(files).toEqual(expect.arrayContaining([...common.map((name) => `${name}.ts`), "README.md"]));
});
