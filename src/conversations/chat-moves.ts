import type { MovedEvent, PersonEvent } from "../adapter.ts";
import type { Store } from "../store/store.ts";

/** Chats that go on under another key keep the name under which they are known here, and with it their conversations. */
export class ChatMoves {
  readonly #store: Store;
  readonly #origins: Promise<Map<string, string>>;

  constructor(store: Store) {
    this.#store = store;
    this.#origins = store.movedChats().then((moves) => new Map(moves.map((move) => [keyOf(move), move.from])));
    // Whoever asks hears of it.
    this.#origins.catch(() => undefined);
  }

  async note({ platform, from, to }: MovedEvent): Promise<void> {
    const origins = await this.#origins;
    if (origins.has(keyOf({ platform, to }))) return;
    const move = { platform, from: origins.get(keyOf({ platform, to: from })) ?? from, to };
    await this.#store.moveChat(move);
    origins.set(keyOf(move), move.from);
  }

  /** The event with its chat under the key that it had first. */
  async follow<T extends Pick<PersonEvent, "platform" | "chat">>(event: T): Promise<T> {
    const origin = (await this.#origins).get(keyOf({ platform: event.platform, to: event.chat.key }));
    return origin === undefined ? event : { ...event, chat: { ...event.chat, key: origin } };
  }
}

function keyOf({ platform, to }: { readonly platform: string; readonly to: string }): string {
  return `${platform}:${to}`;
}
