import type { Outcome } from "../support/outcome.ts";

/** What is counted for one row of the table. */
export interface Count {
  readonly outcomes: readonly Outcome[];
  /** Questions sent again after the first event of their answer. */
  readonly askedAgain: number;
  /** Questions that had more than one run on Coze, for whatever reason. */
  readonly ranTwice: number;
  readonly startMs: number;
  readonly recoveryMs: number;
}

const outcomeColumns: readonly Outcome[] = [
  "answered",
  "told",
  "fragment",
  "lost",
  "half-written",
  "doubled",
  "garbled",
];

/** A table of what was seen, row by row in the order in which the rows came. */
export class Tally {
  readonly #rows = new Map<string, Count[]>();

  add(row: string, count: Count): void {
    this.#rows.set(row, [...(this.#rows.get(row) ?? []), count]);
  }

  toString(title: string): string {
    const heading = ["", "kills", "turns", ...outcomeColumns, "asked again", "ran twice", "start s", "slowest s"];
    const rows = [...this.#rows].map(([name, counts]) => [name, ...figures(counts)]);
    const total = ["all", ...figures([...this.#rows.values()].flat())];
    return `\n${title}\n${aligned([heading, ...rows, total])}\n`;
  }
}

function figures(counts: readonly Count[]): string[] {
  const outcomes = counts.flatMap((count) => count.outcomes);
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  const numbers = [
    counts.length,
    outcomes.length,
    ...outcomeColumns.map((column) => outcomes.filter((outcome) => outcome === column).length),
    sum(({ askedAgain }) => askedAgain),
    sum(({ ranTwice }) => ranTwice),
  ];
  const startMs = sum((count) => count.startMs) / counts.length;
  const slowestMs = Math.max(...counts.map(({ recoveryMs }) => recoveryMs));
  return [...numbers.map(String), (startMs / 1000).toFixed(1), (slowestMs / 1000).toFixed(1)];
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}
