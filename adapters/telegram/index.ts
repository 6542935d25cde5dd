import type { Update, User } from "grammy/types";
import type { Adapter, AdapterLogger, Identity } from "../../src/adapter.ts";
import { type BotApiConfig, createBotApi, type GrammySignal } from "./api.ts";
import { registerCommands } from "./commands.ts";
import { toInboundEvent } from "./inbound.ts";
import { createOutbound } from "./outbound.ts";
import { poll } from "./polling.ts";
import { measure } from "./render.ts";

export interface TelegramAdapterConfig extends BotApiConfig {
  readonly logger: AdapterLogger;
}

/** One Telegram bot, by long polling. */
export function createTelegramAdapter(config: TelegramAdapterConfig): Adapter {
  const { logger, clock } = config;
  const botApi = createBotApi(config);
  const { api } = botApi;
  let stopping = new AbortController();
  let polling = Promise.resolve();

  async function stopReceiving(): Promise<void> {
    stopping.abort();
    await polling;
  }

  return {
    name: "telegram",
    capabilities: { maxLength: 4096, measure, typingLastsMs: 5000 },

    identify: async () => toIdentity(await api.getMe()),

    async start(inbox) {
      stopping = new AbortController();
      const { signal } = stopping;
      const me = await api.getMe(signal as GrammySignal);
      const toEvent = (update: Update) => toInboundEvent(update, me);
      polling = poll({ api, clock, logger, inbox, toEvent }, signal);
      logger.info({ bot: toIdentity(me).name }, "receiving from Telegram");
    },

    stopReceiving,

    async stop() {
      await stopReceiving();
      botApi.close();
    },

    registerCommands: (commands) => registerCommands(api, commands),
    ...createOutbound(botApi),
  };
}

function toIdentity(me: User): Identity {
  return { id: String(me.id), name: `@${me.username}` };
}
