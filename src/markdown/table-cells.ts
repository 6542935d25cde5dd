import type { Token, Tokens } from "marked";

/** `table` with every cell of its source: GitHub's markdown drops those that have no heading. */
export function withAllCells(table: Tokens.Table, lexInline: (text: string) => Token[]): Tokens.Table {
  const rows = table.raw.split("\n").slice(2);
  for (const [i, row] of table.rows.entries()) {
    const rest = behindCells(rows[i] ?? "", row.length - 1);
    const last = row.at(-1);
    if (!last || !/(?<!\\)\|/.test(rest)) continue;
    last.text = rest.replaceAll("\\|", "|");
    last.tokens = lexInline(last.text);
  }
  return table;
}

/** The source of a row behind its first `count` cells, without the bar at its end. */
function behindCells(row: string, count: number): string {
  let rest = row.trim().replace(/^\|/, "");
  for (let i = 0; i < count; i += 1) rest = rest.replace(/^(?:[^|\\]|\\.)*?(?:\||$)/, "");
  return rest
    .trim()
    .replace(/(?<!\\)\|$/, "")
    .trim();
}
