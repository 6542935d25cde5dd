import type { Exchange } from "../exchange.ts";
import { conversationLines } from "../terminal/conversation-lines.ts";
import type { Screen } from "../terminal/screen.ts";
import { padded, type StyledText, styled } from "../terminal/styled-text.ts";
import { wrap } from "../terminal/wrap.ts";
import type { Result } from "./result.ts";
import { counted, type View, verdict } from "./view.ts";

const DRAW_EVERY_MS = 80;
const WIDEST = 150;
const SEPARATOR = " │ ";

/** The platforms side by side, redrawn in place while their answers grow. */
export class LiveColumns implements View {
  readonly #screen: Screen;
  #title = "";
  #exchanges: readonly Exchange[] = [];
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  print(lines: readonly StyledText[]): void {
    this.#screen.print(lines.flatMap((line) => wrap(line, this.#screen.width)));
  }

  begin(title: string, exchanges: readonly Exchange[]): void {
    this.#title = title;
    this.#exchanges = exchanges;
    this.#frame = 0;
    this.#timer = setInterval(() => this.#draw(), DRAW_EVERY_MS);
    this.#draw();
  }

  end(results: readonly Result[]): void {
    clearInterval(this.#timer);
    this.#screen.keep([...this.#lines(results.map(verdict)), []]);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#screen.close();
  }

  #draw(): void {
    this.#frame += 1;
    this.#screen.show(this.#lines(this.#exchanges.map((exchange) => progress(exchange, this.#frame))));
  }

  #lines(footers: readonly StyledText[]): StyledText[] {
    const columnCount = this.#exchanges.length;
    const width = Math.floor(
      (Math.min(this.#screen.width, WIDEST) - SEPARATOR.length * (columnCount - 1)) / columnCount,
    );
    const columns = this.#exchanges.map((exchange, index) => [
      [styled(exchange.seat.title, "bold", exchange.seat.chat.name)],
      ...conversationLines([exchange], width, (entry) => `${entry.by}  `),
      ...wrap(footers[index] ?? [], width),
    ]);
    const whole = width * columnCount + SEPARATOR.length * (columnCount - 1);
    const rule = styled("─".repeat(Math.max(0, whole - this.#title.length - 1)), "dim");
    return [[styled(`${this.#title} `, "bold"), rule], ...sideBySide(columns, width)];
  }
}

function sideBySide(columns: readonly (readonly StyledText[])[], width: number): StyledText[] {
  const height = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap((column, index) => {
      const line = column[row] ?? [];
      return index === columns.length - 1 ? line : [...padded(line, width), styled(SEPARATOR, "dim")];
    }),
  );
}

const spinner = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];

function progress(exchange: Exchange, frame: number): StyledText {
  const edits = exchange.answers().reduce((sum, { versions }) => sum + versions.length - 1, 0);
  const elapsed = ((Date.now() - exchange.startedAt) / 1000).toFixed(1);
  const doing = exchange.answers().length > 0 ? counted(edits, "edit") : exchange.isTyping() ? "is typing…" : "";
  return [styled(`${spinner[frame % spinner.length]} ${elapsed} s  ${doing}`, "dim")];
}
