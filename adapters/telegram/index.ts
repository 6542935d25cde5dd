import type { Update, User } from "grammy/types";
import type { Adapter, AdapterLogger, Identity, RateWindow } from "../../src/adapter.ts";
import { type BotApiConfig, createBotApi, type GrammySignal } from "./api.ts";
import { registerCommands } from "./commands.ts";
import { createDrafts } from "./drafts.ts";
import { Families } from "./family.ts";
import { toInboundEvent } from "./inbound.ts";
import { createOutbound } from "./outbound.ts";
import { poll } from "./polling.ts";

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
  const { logger, clock, streamMode = "edit", format = "entities" } = config;
  const botApi = createBotApi(config);
  const { api } = botApi;
  const families = new Families(format);
  let stopping = new AbortController();
  let polling = Promise.resolve();

  async function stopReceiving(): Promise<void> {
    stopping.abort();
    await polling;
  }

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
      finish: "edit",
      ...(streamMode === "draft" && { drafts: true }),
    },

    identify: async () => toIdentity(await api.getMe()),

    async start(inbox) {
      stopping = new AbortController();
      const { signal } = stopping;
      const me = await api.getMe(signal as GrammySignal);
      const toEvent = (update: Update) => toInboundEvent(update, me, clock.now());
      polling = poll({ api, clock, logger, inbox, toEvent }, signal);
      logger.info({ bot: toIdentity(me).name }, "receiving from Telegram");
    },

    stopReceiving,

    async stop() {
      await stopReceiving();
      botApi.close();
    },

    registerCommands: (commands) => registerCommands(api, commands),
    ...createOutbound(botApi, families),
    ...(streamMode === "draft" && { openDraft: createDrafts(api, families) }),
  };
}

function toIdentity(me: User): Identity {
  return { id: String(me.id), name: `@${me.username}` };
}
