import { bullet } from "../../src/markdown/list-markers.ts";
import { zeroWidthSpace } from "./literal.ts";

/** What stands before the text of a line. */
export interface Beginning {
  readonly markdown: string;
  /** How many characters of the line it stands for. */
  readonly length: number;
}

/** Which of Discord's own lists go on at a line, as the lines of a text are met from first to last. */
export class OpenLists {
  /** How many lists lie around the next line. */
  #depth = 0;
  #isQuoted = false;

  /** For lines that are neither an item nor a part of one. */
  end(): void {
    this.#depth = 0;
  }

  /**
   * The core begins items with two spaces a level and a bullet. Discord makes an item of `- ` when it has text, and a
   * nested one only right below its parent: elsewhere the bullet stays text. `formatted` is the offset in the line at
   * which its first format begins.
   */
  beginning(line: string, isQuoted: boolean, formatted: number): Beginning {
    if (isQuoted !== this.#isQuoted) this.#depth = 0;
    this.#isQuoted = isQuoted;
    const indent = line.search(/[^ ]|$/);
    const level = indent / 2;
    if (level <= Math.min(this.#depth, deepest) && isItem(line, level) && formatted >= indent + 2) {
      this.#depth = level + 1;
      return { markdown: `${line.slice(0, indent)}- `, length: indent + 2 };
    }
    const isInItem = this.#depth > 0 && indent > 0;
    this.#depth = Math.min(this.#depth, Math.floor(level));
    // In an item Discord drops a line break before anything but plain text.
    return isInItem ? { markdown: line.slice(0, indent) + zeroWidthSpace, length: indent } : noBeginning;
  }
}

/** Discord nests no more than eleven lists. */
const deepest = 10;

const noBeginning: Beginning = { markdown: "", length: 0 };

function isItem(line: string, level: number): boolean {
  if (!Number.isInteger(level)) return false;
  return line.startsWith(`${bullet(level)} `, level * 2) && /\S/.test(line.charAt(level * 2 + 2));
}
