import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createDiscordAdapter } from "../../../adapters/discord/index.ts";
import { createTelegramAdapter } from "../../../adapters/telegram/index.ts";
import type { Adapter } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import type { FileParameters } from "../../../src/coze/question-messages.ts";
import { createLogger } from "../../../src/logger.ts";
import type { Person, Room, SayOptions, SentFile, ShownMessage } from "../../../src/playground/chat-platform.ts";
import { type CozeEmulator, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { Preparation } from "../../../src/preparation/preparation.ts";
import { openSqliteStore } from "../../../src/store/sqlite.ts";
import type { ConversationKey, PreparedQuestion, Store, Turn } from "../../../src/store/store.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { type Chat, type PlatformName, startChat } from "../../support/world.ts";
import { inboxOf } from "../inbox.ts";
import { createClient, modeOf } from "../live-bridge.ts";
import { temporaryFolder } from "../temporary-folder.ts";

export interface PreparingOptions {
  readonly fileParameters?: FileParameters;
  readonly maxBytes?: number;
  readonly dialect?: CozeEmulator["dialect"];
}

/** What stands between what people send and what is asked: real adapters, client, store and sockets. */
export interface Preparing {
  readonly chat: Chat;
  readonly coze: CozeEmulator;
  readonly adapter: Adapter;
  readonly store: Store;
  readonly preparation: Preparation;
  /** Of the waits between attempts. */
  readonly clock: ManualClock;
  readonly person: Person;
  readonly room: Room;
  /** A person sends files in one message; resolves with the turn that they make. */
  send(files: readonly SentFile[], options?: SayOptions): Promise<Turn>;
  say(text: string, options?: SayOptions): Promise<Turn>;
  prepare(turn: Turn, signal?: AbortSignal): Promise<PreparedQuestion>;
  /** The messages of the person. */
  said(): readonly ShownMessage[];
  /** What the bot fetched from the platform: calls that name or open a file. */
  downloads(): number;
}

export const conversation: ConversationKey = { agent: "a", sessionName: "chat:1", place: "" };

export async function startPreparing(platform: PlatformName, options: PreparingOptions = {}): Promise<Preparing> {
  const { dialect = "hosted", fileParameters = {}, maxBytes = 50 * 1024 * 1024 } = options;
  const [coze, chat] = await Promise.all([startCozeEmulator({ dialect }), startChat(platform)]);
  const store = openSqliteStore(join(temporaryFolder(), "bridge.db"), { clock: systemClock });
  const adapter = createAdapter(chat);
  const clock = createManualClock();
  const agent = createClient(coze, modeOf(coze, "agent"), dialect === "hosted" ? "jwt" : "token");
  const logger = createLogger("silent");
  const preparation = new Preparation({ agent, store, fileParameters, maxBytes, clock, logger });
  onTestFinished(async () => {
    await adapter.stop();
    await Promise.all([coze.close(), chat.close(), store.close()]);
  });
  const person = chat.addPerson({ name: "Ann" });
  const room = chat.privateRoom(person);
  const turns: Turn[] = [];
  let wake: () => void = () => undefined;
  await adapter.start(
    inboxOf(async (event) => {
      if (event.type !== "message") return;
      const turn = await store.acceptMessage(event, { id: randomUUID(), conversation, locale: "en" });
      if (turn) turns.push(turn);
      wake();
    }),
  );
  const next = async (): Promise<Turn> => {
    for (;;) {
      const turn = turns.shift();
      if (turn) return turn;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    ...{ chat, coze, adapter, store, preparation, clock, person, room },
    send: (files, sayOptions) => {
      chat.sendFile(person, room, files, sayOptions);
      return next();
    },
    say: (text, sayOptions) => {
      chat.say(person, room, text, sayOptions);
      return next();
    },
    prepare: (turn, signal = new AbortController().signal) =>
      clock.moveUntil(preparation.prepare(turn, adapter, signal), 60_000),
    said: () => chat.messages(room).filter(({ author }) => author !== "bot"),
    downloads: () => chat.calls.filter(({ method }) => downloads.includes(method)).length,
  };
}

/** The names of a download in the emulators' records. */
const downloads = ["getFile", "/file", "GET /attachments/:id/:id/:name"];

function createAdapter({ name, environment }: Chat): Adapter {
  const shared = { logger: createLogger("silent"), clock: systemClock };
  if (name === "telegram") {
    const { TELEGRAM_BOT_TOKEN: token = "", TELEGRAM_API_BASE: apiBase = "" } = environment;
    return createTelegramAdapter({ ...shared, token, apiBase });
  }
  const { DISCORD_TOKEN: token = "", DISCORD_API_BASE: apiBase = "" } = environment;
  return createDiscordAdapter({ ...shared, token, apiBase, messageContent: false });
}
