import type { Adapter, AdapterLogger, RateWindow } from "../../src/adapter.ts";
import { type BotApiConfig, createBotApi } from "./api.ts";
import { MOST_IN_ALBUM } from "./bundles.ts";
import { registerCommands } from "./commands.ts";
import { createDownloads } from "./downloads.ts";
import { createDrafts } from "./drafts.ts";
import { Families } from "./family.ts";
import { MAX_UPLOAD_BYTES, sharesAlbum } from "./media.ts";
import { createOutbound } from "./outbound.ts";
import { createReceiver, toIdentity } from "./receiving.ts";

export interface TelegramAdapterConfig extends BotApiConfig {
  /** `draft` shows growing answers in private chats as Telegram's own drafts. Default `edit`. */
  readonly streamMode?: "edit" | "draft";
  /** `rich` sends tables, formulas and long answers as rich messages, where the server has them. Default `entities`. */
  readonly format?: "entities" | "rich";
  readonly logger: AdapterLogger;
}

/** Telegram's FAQ for bots: about 30 messages a second in all chats together. */
const botRate: readonly RateWindow[] = [{ count: 30, perMs: 1000 }];

/** One Telegram bot, by long polling. */
export function createTelegramAdapter(config: TelegramAdapterConfig): Adapter {
  const { streamMode = "edit", format = "entities" } = config;
  const botApi = createBotApi(config);
  const { api } = botApi;
  const families = new Families(format);
  const receiver = createReceiver(botApi, config);
  const downloads = createDownloads(botApi, config.apiBase);

  return {
    name: "telegram",
    capabilities: {
      get maxLength() {
        return families.maxLength;
      },
      measure: (text) => families.measure(text),
      typingLastsMs: 5000,
      typingIsCounted: true,
      botRate,
      maxUploadBytes: MAX_UPLOAD_BYTES,
      mostInAlbum: MOST_IN_ALBUM,
      sharesAlbum,
      splitsAlbums: true,
      get maxDownloadBytes() {
        return downloads.maxBytes;
      },
      finish: "edit",
      ...(streamMode === "draft" && { drafts: true }),
    },

    identify: async () => toIdentity(await api.getMe()),

    ...receiver,

    async stop() {
      await receiver.stopReceiving();
      botApi.close();
    },

    observeCalls: botApi.observeCalls,
    registerCommands: (commands) => registerCommands(api, commands),
    ...createOutbound(botApi, families),
    fetchAttachment: downloads.fetchAttachment,
    ...(streamMode === "draft" && { openDraft: createDrafts(api, families) }),
  };
}
