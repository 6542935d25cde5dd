import { type APIMessage, REST, Routes } from "discord.js";
import { Api } from "grammy";
import type { OpenPlatform } from "../platform-process.ts";
import type { Contestant } from "./contestant.ts";

/** The two calls that the loop needs, on the platform's own SDK. */
interface Wire {
  /** In code points. */
  readonly maxLength: number;
  post(room: string, text: string): Promise<string>;
  edit(room: string, message: string, text: string): Promise<void>;
}

const intervalMs = 500;

/**
 * What most bots do: post the first delta, edit the message every half second while no edit is under way, ignore
 * errors, and edit once more at the end. What is over the limit follows in further messages then.
 */
export const naive: Contestant = {
  async open(platform) {
    const wire = platform.name === "telegram" ? telegramWire(platform) : discordWire(platform);
    return {
      answer: (room, deltas) => stream(wire, room, deltas),
      close: async () => undefined,
    };
  },
};

async function stream(wire: Wire, room: string, deltas: AsyncIterable<string>): Promise<void> {
  let text = "";
  let shown = "";
  let message: string | undefined;
  let underWay: Promise<void> | undefined;
  const update = async () => {
    const [head = ""] = pagesOf(text, wire.maxLength);
    if (head === shown) return;
    if (message === undefined) message = await wire.post(room, head);
    else await wire.edit(room, message, head);
    shown = head;
  };
  const tick = () => {
    underWay ??= update()
      .catch(() => undefined)
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
  const timer = setInterval(() => void tick(), intervalMs);
  for await (const delta of deltas) {
    if (text === "") setImmediate(() => void tick());
    text += delta;
  }
  clearInterval(timer);
  await underWay;
  await tick();
  for (const page of pagesOf(text, wire.maxLength).slice(1)) await wire.post(room, page).catch(() => undefined);
}

function pagesOf(text: string, length: number): readonly string[] {
  const points = [...text];
  return Array.from({ length: Math.ceil(points.length / length) }, (_, index) =>
    points.slice(index * length, (index + 1) * length).join(""),
  );
}

function telegramWire({ environment }: OpenPlatform): Wire {
  const { TELEGRAM_BOT_TOKEN = "", TELEGRAM_API_BASE = "" } = environment;
  const api = new Api(TELEGRAM_BOT_TOKEN, { apiRoot: TELEGRAM_API_BASE });
  return {
    maxLength: 4096,
    post: async (room, text) => String((await api.sendMessage(room, text)).message_id),
    edit: async (room, message, text) => void (await api.editMessageText(room, Number(message), text)),
  };
}

function discordWire({ environment }: OpenPlatform): Wire {
  const { DISCORD_TOKEN = "", DISCORD_API_BASE = "" } = environment;
  const rest = new REST({ api: DISCORD_API_BASE, version: "10" }).setToken(DISCORD_TOKEN);
  return {
    maxLength: 2000,
    post: async (room, content) =>
      ((await rest.post(Routes.channelMessages(room), { body: { content } })) as APIMessage).id,
    edit: async (room, message, content) =>
      void (await rest.patch(Routes.channelMessage(room, message), { body: { content } })),
  };
}
