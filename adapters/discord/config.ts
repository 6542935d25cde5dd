import type { AdapterLogger } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";

export interface DiscordAdapterConfig {
  /** The bot's token, without the `Bot ` in front. */
  readonly token: string;
  /** Base of the HTTP API without its version. Default `https://discord.com/api`. */
  readonly apiBase?: string;
  /** Whether to ask for the privileged Message Content intent. */
  readonly messageContent: boolean;
  /** How an answer that grew ends: as the message it is, or as a new one that shows as unread. Default `edit`. */
  readonly finish?: "edit" | "fresh";
  readonly logger: AdapterLogger;
  readonly clock: Clock;
}

export const defaultApiBase = "https://discord.com/api";

/** Whether a token can be put into an HTTP header at all. The error for one that cannot would quote it. */
export function isTransmissible(token: string): boolean {
  return /^[\x21-\x7e]+$/.test(token);
}
