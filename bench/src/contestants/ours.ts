import { createDiscordAdapter } from "../../../adapters/discord/index.ts";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { Adapter, Target } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import { createLogger } from "../../../src/logger.ts";
import { accumulate, answerText, emptyAnswer } from "../../../src/reply/accumulate.ts";
import { Budgets } from "../../../src/reply/budget.ts";
import { Reply } from "../../../src/reply/reply.ts";
import type { OpenPlatform } from "../platform-process.ts";
import type { Contestant } from "./contestant.ts";

interface Mode {
  readonly streamMode?: "edit" | "draft";
  /** The bot's own limit is lifted where the platform's is: every engine may call as often as it likes. */
  readonly isUnlimited?: boolean;
}

/** This product's reply engine, on its adapters. */
export function ours(mode: Mode = {}): Contestant {
  return {
    async open(platform) {
      const adapter = createAdapter(platform, mode);
      const budgets = new Budgets(systemClock);
      adapter.observeRates?.((report) => budgets.report(report));
      const endings = new Set<AbortController>();
      const { targets } = await listen(adapter, platform.rooms.length);
      let count = 0;
      return {
        async answer(room, deltas) {
          const target = (await targets).get(room);
          if (!target) throw new Error(`Nobody wrote in ${room}.`);
          count += 1;
          const id = `bench${String(count).padStart(7, "0")}`;
          const ending = new AbortController();
          endings.add(ending);
          await stream({ adapter, target, budgets, id, signal: ending.signal }, deltas);
          endings.delete(ending);
        },
        async close() {
          for (const ending of endings) ending.abort();
          await adapter.stop();
        },
      };
    },
  };
}

/** Resolves with where an answer in each room goes, once people wrote in all of them. */
async function listen(
  adapter: Adapter,
  count: number,
): Promise<{ readonly targets: Promise<ReadonlyMap<string, Target>> }> {
  const found = new Map<string, Target>();
  let complete: (targets: ReadonlyMap<string, Target>) => void = () => undefined;
  const targets = new Promise<ReadonlyMap<string, Target>>((resolve) => {
    complete = resolve;
  });
  await adapter.start({
    async accept(event) {
      if (event.type !== "message") return;
      found.set(event.text.trim(), event.target);
      if (found.size === count) complete(found);
    },
    complete: async () => [],
    recentChats: async () => [],
    oldestWanted: () => 0,
  });
  return { targets };
}

async function stream(
  place: { adapter: Adapter; target: Target; budgets: Budgets; id: string; signal: AbortSignal },
  deltas: AsyncIterable<string>,
): Promise<void> {
  const reply = new Reply({
    ...place,
    clock: systemClock,
    record: async () => undefined,
    onFailure: () => undefined,
  });
  let answer = emptyAnswer;
  for await (const text of deltas) {
    answer = accumulate(answer, { type: "delta", messageId: "1", text });
    reply.write(answerText(answer));
  }
  await reply.finish();
}

function createAdapter(
  { name, environment }: OpenPlatform,
  { streamMode = "edit", isUnlimited = false }: Mode,
): Adapter {
  const common = { logger: createLogger("silent"), clock: systemClock };
  const { TELEGRAM_BOT_TOKEN = "", TELEGRAM_API_BASE = "", DISCORD_TOKEN = "", DISCORD_API_BASE = "" } = environment;
  const adapter =
    name === "telegram"
      ? createTelegramAdapter({ ...common, token: TELEGRAM_BOT_TOKEN, apiBase: TELEGRAM_API_BASE, streamMode })
      : createDiscordAdapter({ ...common, token: DISCORD_TOKEN, apiBase: DISCORD_API_BASE, messageContent: false });
  return isUnlimited ? { ...adapter, capabilities: { ...adapter.capabilities, botRate: [] } } : adapter;
}
