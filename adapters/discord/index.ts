import { type APIUser, Routes } from "discord.js";
import type { Adapter, InboundEvent, Inbox } from "../../src/adapter.ts";
import { openAttachment } from "./attachments.ts";
import { registerCommands } from "./commands.ts";
import { type DiscordAdapterConfig, defaultApiBase } from "./config.ts";
import { deliver } from "./delivery.ts";
import { type Gateway, type GatewayListener, openGateway } from "./gateway.ts";
import { toMessageEvent } from "./inbound.ts";
import { acknowledge, isSlashCommand, toCommandEvent } from "./interactions.ts";
import { newLifetime } from "./lifetime.ts";
import { createOutbound } from "./outbound.ts";
import { measureMarkdown } from "./render.ts";
import { createDiscordApi, type DiscordApi } from "./rest.ts";

export type { Clock } from "../../src/clock.ts";
export type { DiscordAdapterConfig } from "./config.ts";

/** Discord on discord.js: its gateway client brings the events, its REST client makes every request. */
export function createDiscordAdapter(config: DiscordAdapterConfig): Adapter {
  const api = createDiscordApi(config);
  const outbound = createOutbound(api, config.clock);
  let lifetime = newLifetime();
  let gateway: Promise<Gateway> | undefined;

  async function stopReceiving(): Promise<void> {
    lifetime.abort();
    lifetime = newLifetime();
    const closing = gateway;
    gateway = undefined;
    // A gateway that never opened has told its failure to whoever started it.
    const opened = await closing?.catch(() => undefined);
    await opened?.close();
  }

  return {
    name: "discord",
    capabilities: {
      maxLength: 2_000,
      measure: measureMarkdown,
      typingLastsMs: 10_000,
      // https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
      botRate: [{ count: 50, perMs: 1_000 }],
      finish: config.finish ?? "edit",
    },

    async identify() {
      const user = (await api.call({ method: "Get", route: Routes.user() })) as APIUser;
      return { id: user.id, name: `@${user.username}` };
    },

    async start(inbox) {
      const { signal } = lifetime;
      gateway = openGateway(config, listenerFor(inbox, api, config, signal), signal);
      await gateway;
    },

    stopReceiving,

    async stop() {
      api.abort();
      await stopReceiving();
    },

    ...outbound,
    observeRates: (listener) => api.observeRates(listener),
    fetchAttachment: (attachment, signal) => openAttachment(attachment, config.apiBase ?? defaultApiBase, signal),

    async registerCommands(commands) {
      if (!gateway) throw new Error("Commands are registered after the start.");
      const { applicationId } = await gateway;
      await registerCommands(api, applicationId, commands);
    },
  };
}

function listenerFor(
  inbox: Inbox,
  api: DiscordApi,
  { clock, logger }: DiscordAdapterConfig,
  signal: AbortSignal,
): GatewayListener {
  async function offer(read: () => InboundEvent | undefined | Promise<InboundEvent | undefined>): Promise<void> {
    try {
      const event = await read();
      if (event && !signal.aborted) await deliver(inbox, event, { clock, logger, signal });
    } catch (err) {
      logger.error({ err }, "an event from Discord could not be read");
    }
  }
  return {
    onMessage(data, directory) {
      void offer(() => toMessageEvent(data, directory));
    },
    onInteraction(data) {
      if (!isSlashCommand(data)) {
        logger.debug({ interaction: data.id, type: data.type }, "an interaction of another kind is left alone");
        return;
      }
      void offer(async () => toCommandEvent(data, await acknowledge(api, data, logger), clock.now()));
    },
  };
}
