import type { Revision } from "../chat-platform.ts";
import type { AnswerMessage, Exchange } from "../exchange.ts";
import { buttonInWords, fileInWords } from "../in-words.ts";
import type { Seat } from "../seat.ts";
import { withoutColours } from "../terminal/paint.ts";
import { plainTextOf, type StyledText, styled } from "../terminal/styled-text.ts";
import { graphemes } from "../terminal/text-width.ts";
import type { Result } from "./result.ts";
import { type View, verdict } from "./view.ts";

const LOOK_EVERY_MS = 50;
const TAIL_LENGTH = 60;

/** A version of a message, the buttons below it, or what a person said. */
interface Moment {
  /** Distinguishes it within its exchange. */
  readonly key: string;
  readonly at: number;
  readonly describe: () => string;
}

/** For outputs that can't be redrawn, such as a file or the log of a build: one line for every version of a message. */
export class TimedLines implements View {
  readonly #write: (text: string) => void;
  #exchanges: readonly { readonly exchange: Exchange; readonly told: Set<string> }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  print(lines: readonly StyledText[]): void {
    for (const line of lines) this.#write(`${withoutColours(line).trimEnd()}\n`);
  }

  begin(title: string, exchanges: readonly Exchange[]): void {
    this.print([[styled(title)]]);
    this.#exchanges = exchanges.map((exchange) => ({ exchange, told: new Set() }));
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  end(results: readonly Result[]): void {
    this.#look();
    this.close();
    this.print(results.map((result) => [styled(`  ${result.platform.padEnd(10)}`), ...verdict(result)]));
    this.print([[]]);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const fresh = this.#exchanges.flatMap(({ exchange, told }) =>
      momentsOf(exchange).filter(({ key }) => !told.has(key) && told.add(key)),
    );
    fresh.sort((a, b) => a.at - b.at);
    this.print(fresh.map(({ describe }) => [styled(describe())]));
  }
}

function momentsOf(exchange: Exchange): Moment[] {
  const { seat, startedAt } = exchange;
  let number = 0;
  return exchange.entries().flatMap((entry): Moment[] => {
    const name = `  ${seat.title.padEnd(10)}${entry.by}`;
    const time = (at: number) => `+${((at - startedAt) / 1000).toFixed(2)}s`.padStart(9);
    if (entry.by === "Ann") {
      return [{ key: `Ann ${entry.at}`, at: entry.at, describe: () => `${name}${time(entry.at)}  ${entry.text}` }];
    }
    number += 1;
    const { message } = entry;
    const versions = message.versions.map((version, index) => {
      const place = `message ${number}  rev ${String(index + 1).padEnd(2)}`;
      const describe = () => `${name}${time(version.at)}  ${place} ${description(seat, message, version)}`;
      return { key: place, at: version.at, describe };
    });
    const buttons = message.buttons.flat().map(buttonInWords).join(" ");
    if (buttons === "") return versions;
    // They have no time of their own.
    const { at } = message.last;
    const place = `message ${number}  buttons  `;
    return [...versions, { key: place + buttons, at, describe: () => `${name}${time(at)}  ${place}${buttons}` }];
  });
}

function description(seat: Seat, { media }: AnswerMessage, version: Revision): string {
  const files = media.map((file) => `${fileInWords(file)} `).join("");
  if (version.text === "") return files.trimEnd();
  const length = [...version.text].length.toLocaleString("en").padStart(6);
  const shown = graphemes(plainTextOf(seat.read(version)).replaceAll(/\s+/g, " ").trim());
  const tail = shown.slice(-TAIL_LENGTH).join("").trim();
  return `${files}${length} characters  ${shown.length > TAIL_LENGTH ? "…" : ""}${tail}`;
}
