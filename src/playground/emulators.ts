import { type CozeEmulator, startCozeEmulator } from "./coze/index.ts";
import { demoAgent } from "./demo/agent.ts";
import { startPictureServer } from "./demo/picture-server.ts";
import { type DiscordEmulator, startDiscordEmulator } from "./discord/index.ts";
import { Seat } from "./seat.ts";
import { limitProfiles, startTelegramEmulator, type TelegramEmulator } from "./telegram/index.ts";

/** Everything that a bridge needs around it, on this machine, with limits and a latency as in real life. */
export interface Emulators {
  readonly coze: CozeEmulator;
  readonly telegram: TelegramEmulator;
  readonly discord: DiscordEmulator;
  /** Where Ann sits in front of each chat platform. */
  readonly seats: readonly [Seat, Seat];
  /** The variables that point a bridge here. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface Ports {
  readonly coze: number;
  readonly telegram: number;
  readonly discord: number;
  /** Where the pictures are that the agent links. */
  readonly pictures: number;
}

export const LATENCY_MS = 40;

const noPorts: Ports = { coze: 0, telegram: 0, discord: 0, pictures: 0 };

/** Ports that are in use are replaced by free ones; without `ports`, all are. */
export async function startEmulators(ports: Ports = noPorts): Promise<Emulators> {
  const latencyMs = LATENCY_MS;
  const coze = await onPort(ports.coze, (port) => startCozeEmulator({ port }));
  const pictures = await onPort(ports.pictures, startPictureServer);
  coze.answer = demoAgent(pictures.url);
  const limits = limitProfiles.documented;
  const telegram = await onPort(ports.telegram, (port) => startTelegramEmulator({ port, latencyMs, limits }));
  const discord = await onPort(ports.discord, (port) => startDiscordEmulator({ port, latencyMs, limits: "A" }));
  return {
    ...{ coze, telegram, discord },
    seats: [
      new Seat(telegram, { title: "Telegram", maxLength: 4096, locale: "en" }),
      new Seat(discord, { title: "Discord", maxLength: 2000, locale: "en-US" }),
    ],
    environment: {
      ...coze.environment("agent"),
      ...telegram.environment,
      ...discord.environment,
      MEDIA_PRIVATE_HOSTS: new URL(pictures.url).host,
    },
    close: async () => {
      await Promise.all([coze.close(), telegram.close(), discord.close(), pictures.close()]);
    },
  };
}

async function onPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return await start(0);
    throw error;
  }
}
