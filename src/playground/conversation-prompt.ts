import type { CozeEmulator } from "./coze/index.ts";
import { sunset, teapotIn } from "./demo/teapot.ts";
import { Exchange } from "./exchange.ts";
import type { Seat } from "./seat.ts";
import { conversationLines } from "./terminal/conversation-lines.ts";
import type { Keyboard } from "./terminal/keyboard.ts";
import type { Screen } from "./terminal/screen.ts";
import { type StyledText, styled } from "./terminal/styled-text.ts";
import { graphemes, textWidth } from "./terminal/text-width.ts";

export interface PromptParts {
  readonly seats: readonly [Seat, Seat];
  readonly coze: CozeEmulator;
  readonly screen: Screen;
  readonly keyboard: Keyboard;
}

const DRAW_EVERY_MS = 80;
/** A conversation in which nothing has moved for so long stays as it is: answers change about once a second. */
const QUIET_MS = 2500;

export const promptUsage = [
  "Write as Ann. /telegram and /discord change the platform, /quit ends.",
  "/picture sends one, with the words behind it, and /press 2 presses the second button.",
  "Other commands go to the bot: /new, /stop, /help.",
  "Try: My name is …, What is my name?, Give me a long answer, Count the stars",
];

/** Lets a person talk to the bot on either platform, and shows the answers while they grow. */
export class ConversationPrompt {
  readonly #parts: PromptParts;
  #seat: Seat;
  #exchanges: readonly Exchange[];
  #end: () => void = () => undefined;

  constructor(parts: PromptParts) {
    this.#parts = parts;
    this.#seat = parts.seats[0];
    this.#exchanges = parts.seats.map((seat) => new Exchange(seat));
  }

  /** Resolves when the person has had enough, or when `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#parts.keyboard.listen({
      onLine: (line) => this.#take(line.trim()),
      onChange: () => this.#draw(),
      onEnd: () => this.#end(),
    });
    const timer = setInterval(() => this.#draw(), DRAW_EVERY_MS);
    await ended;
    clearInterval(timer);
    this.#keep();
  }

  #take(line: string): void {
    const [, name = "", argument = ""] = /^\/(\w+)\s*(.*)$/s.exec(line) ?? [];
    const seat = this.#parts.seats.find(({ chat }) => chat.name === name);
    if (seat) this.#seat = seat;
    else if (name === "quit" || name === "exit") this.#end();
    else if (line !== "") this.#say(line, name, argument);
    this.#draw();
  }

  #say(line: string, command: string, argument: string): void {
    const { chat, title } = this.#seat;
    if (chat.registeredCommands().length === 0) this.#remark(`No bridge has connected to ${title} yet.`);
    const exchange = this.#exchanges.find(({ seat }) => seat === this.#seat);
    try {
      if (command === "picture") exchange?.send(teapotIn(sunset), argument || "What is this?");
      else if (command === "press") exchange?.press(exchange.offered()[Number(argument) - 1] ?? argument);
      else if (command) exchange?.command(command, argument);
      else exchange?.say(line);
    } catch (error) {
      // What the platform's own app would not let a person do.
      this.#remark(error instanceof Error ? error.message : String(error));
    }
  }

  #remark(text: string): void {
    this.#parts.screen.print([[styled(text, "dim")]]);
  }

  #draw(): void {
    if (this.#isQuiet()) this.#keep();
    const { screen } = this.#parts;
    const prompt = this.#prompt();
    screen.show([...this.#lines(), prompt.line], prompt.cursorColumn);
  }

  /** What was said so far stays; what comes next begins a new stretch of the conversation. */
  #keep(): void {
    const lines = this.#lines();
    for (const exchange of this.#exchanges) exchange.end();
    this.#exchanges = this.#parts.seats.map((seat) => new Exchange(seat));
    this.#parts.screen.keep(lines);
  }

  #isQuiet(): boolean {
    const entries = this.#exchanges.flatMap((exchange) => exchange.entries());
    const changes = entries.map((entry) => (entry.by === "Ann" ? entry.at : entry.message.last.at));
    if (changes.length === 0 || this.#parts.coze.conversations.some(({ isRunning }) => isRunning)) return false;
    return Date.now() - Math.max(...changes) > QUIET_MS;
  }

  #lines(): StyledText[] {
    const { width } = this.#parts.screen;
    return conversationLines(this.#exchanges, width, ({ by }, { seat }) => `${seat.title.padEnd(8)}  ${by}  `);
  }

  #prompt(): { readonly line: StyledText; readonly cursorColumn: number } {
    const { keyboard, screen } = this.#parts;
    const name = `${this.#seat.chat.name}> `;
    const room = screen.width - name.length - 1;
    const before = lastColumns(keyboard.textBeforeCursor, room);
    const after = firstColumns(keyboard.text.slice(keyboard.textBeforeCursor.length), room - textWidth(before));
    const line = [styled(name, "bold", this.#seat.chat.name), styled(before + after)];
    return { line, cursorColumn: name.length + textWidth(before) };
  }
}

function firstColumns(text: string, width: number): string {
  let taken = "";
  for (const grapheme of graphemes(text)) {
    if (textWidth(taken + grapheme) > width) break;
    taken += grapheme;
  }
  return taken;
}

function lastColumns(text: string, width: number): string {
  let taken = "";
  for (const grapheme of graphemes(text).reverse()) {
    if (textWidth(grapheme + taken) > width) break;
    taken = grapheme + taken;
  }
  return taken;
}
