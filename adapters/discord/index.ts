import { type APIUser, Routes } from "discord.js";
import type { Adapter } from "../../src/adapter.ts";
import { privateTargetOf, targetOf } from "./address.ts";
import { openAttachment } from "./attachments.ts";
import { CallLog } from "./call-log.ts";
import { registerCommands } from "./commands.ts";
import { type DiscordAdapterConfig, defaultApiBase } from "./config.ts";
import { type Connection, connect } from "./connection.ts";
import { findPosted } from "./find-posted.ts";
import { newLifetime } from "./lifetime.ts";
import { mediaCapabilities } from "./media.ts";
import { createOutbound } from "./outbound.ts";
import { createListener } from "./receiving.ts";
import { measureMarkdown } from "./render.ts";
import { createDiscordApi } from "./rest.ts";

export type { Clock } from "../../src/clock.ts";
export type { DiscordAdapterConfig } from "./config.ts";

/** Discord on discord.js: its gateway client brings the events, its REST client makes every request. */
export function createDiscordAdapter(config: DiscordAdapterConfig): Adapter {
  const calls = new CallLog(config.clock);
  const api = createDiscordApi(config, calls);
  const outbound = createOutbound(api, config.clock);
  let lifetime = newLifetime();
  let connecting: Promise<Connection> | undefined;
  let connection: Connection | undefined;

  async function stopReceiving(): Promise<void> {
    lifetime.abort();
    lifetime = newLifetime();
    const closing = connecting;
    connecting = undefined;
    connection = undefined;
    // A connection that never came about has told its failure to whoever started it.
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
      ...mediaCapabilities,
      finish: config.finish ?? "edit",
    },

    async identify() {
      const user = (await api.call({ method: "Get", route: Routes.user() })) as APIUser;
      return { id: user.id, name: `@${user.username}` };
    },

    async start(inbox) {
      const { signal } = lifetime;
      connecting = connect(config, calls, createListener(inbox, api, config, signal), signal);
      const connected = await connecting;
      if (!signal.aborted) connection = connected;
    },

    stopReceiving,

    async stop() {
      api.abort();
      await stopReceiving();
    },

    ...outbound,
    privateTarget: privateTargetOf,
    chatTarget: (chatId) => targetOf({ kind: "channel", channel: chatId }),
    findPosted: (target, known) => findPosted(api, config.clock, target, known),
    condition: () => connection?.condition() ?? { isReceiving: false, problem: "The gateway is not connected yet." },
    observeCalls: (listener) => calls.observe(listener),
    observeRates: (listener) => api.observeRates(listener),
    fetchAttachment: (attachment, signal) =>
      openAttachment(attachment, { apiBase: config.apiBase ?? defaultApiBase, clock: config.clock }, signal),

    async registerCommands(commands) {
      if (!connecting) throw new Error("Commands are registered after the start.");
      const { applicationId } = await connecting;
      await registerCommands(api, applicationId, commands);
    },
  };
}
