import type { Revision, ShownFile, ShownMessage } from "./chat-platform.ts";
import { buttonInWords, fileInWords } from "./in-words.ts";
import type { Seat } from "./seat.ts";

/** What a person says on one platform, and what the bot answers: a stretch of their private chat. */
export class Exchange {
  readonly seat: Seat;
  readonly startedAt = Date.now();
  readonly #utterances: Utterance[] = [];
  readonly #first: number;
  #end: { readonly at: number; readonly messages: number } | undefined;

  constructor(seat: Seat) {
    this.seat = seat;
    this.#first = seat.chat.botMessages(seat.room).length;
  }

  say(text: string): void {
    const { chat, person, room } = this.seat;
    chat.say(person, room, text);
    this.#note(text);
  }

  send(file: ShownFile, caption: string): void {
    const { chat, person, room } = this.seat;
    chat.sendFile(person, room, [{ ...file, caption }]);
    this.#note(`${fileInWords(file)} ${caption}`.trim());
  }

  command(name: string, argument = ""): void {
    const { chat, person, room } = this.seat;
    chat.command(person, room, name, argument || undefined);
    this.#note(`/${name} ${argument}`.trim());
  }

  /** The buttons of the latest message that has any, also of one that came before. */
  offered(): readonly string[] {
    const { chat, room } = this.seat;
    return chat.botMessages(room).findLast(hasButtons)?.buttons.flat() ?? [];
  }

  press(label: string): void {
    const { chat, person, room } = this.seat;
    const message = chat.botMessages(room).findLast(hasButtons);
    if (!message) throw new Error("There is no button to press.");
    chat.press(person, message, label);
    this.#note(`presses ${buttonInWords(label)}`);
  }

  /** The bot's messages so far, oldest first, each with the versions that were to be seen. */
  answers(): readonly AnswerMessage[] {
    const { chat, room } = this.seat;
    return chat
      .botMessages(room)
      .slice(this.#first, this.#end?.messages)
      .flatMap(({ revisions, media, buttons }) => {
        // Discord's "is thinking…" is a message without anything.
        const shown = revisions.filter(({ text }) => text !== "" || media.length > 0);
        const [first, ...later] = shown.filter((revision, index) => !isSame(revision, shown[index - 1]));
        return first ? [{ first, last: later.at(-1) ?? first, versions: [first, ...later], media, buttons }] : [];
      });
  }

  /** Both sides, in the order in which they began. */
  entries(): readonly Entry[] {
    const said = this.#utterances.map(({ at, text }): Entry => ({ by: "Ann", at, text }));
    const answered = this.answers().map((message): Entry => ({ by: "Bot", at: message.first.at, message }));
    return [...said, ...answered].sort((a, b) => a.at - b.at);
  }

  get endedAt(): number | undefined {
    return this.#end?.at;
  }

  isTyping(): boolean {
    return this.seat.chat.isTyping(this.seat.room);
  }

  /** Resolves with whether `condition` came true in time. */
  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    return await this.seat.chat.until("an answer", condition, timeoutMs).catch(() => false);
  }

  /** What the bot says from now on belongs to the next exchange. */
  end(): void {
    this.#end = { at: Date.now(), messages: this.seat.chat.botMessages(this.seat.room).length };
  }

  #note(text: string): void {
    this.#utterances.push({ at: Date.now(), text });
  }
}

function hasButtons({ buttons }: ShownMessage): boolean {
  return buttons.length > 0;
}

/** Whether a revision changed nothing but buttons. */
function isSame({ text, entities }: Revision, former: Revision | undefined): boolean {
  return text === former?.text && JSON.stringify(entities) === JSON.stringify(former.entities);
}

interface Utterance {
  readonly at: number;
  readonly text: string;
}

export interface AnswerMessage extends Pick<ShownMessage, "media" | "buttons"> {
  readonly first: Revision;
  readonly last: Revision;
  /** Its texts; buttons come and go without one. */
  readonly versions: readonly Revision[];
}

export type Entry =
  | { readonly by: "Ann"; readonly at: number; readonly text: string }
  | { readonly by: "Bot"; readonly at: number; readonly message: AnswerMessage };
