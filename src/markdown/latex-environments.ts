/** The cells of a row, as Unicode. */
export type Row = readonly string[];

/** `lines`: a row on each; `line`: all in one. */
export type Layout = "lines" | "line";

/** A matrix, cases or aligned formulas; `undefined` when the environment is none of them. */
export function formatEnvironment(name: string, rows: readonly Row[], layout: Layout): string | undefined {
  const brackets = matrices.get(name);
  if (brackets) return formatMatrix(brackets, rows, layout);
  if (casesLike.has(name)) return formatCases(rows, layout);
  if (!aligned.has(name.replace(/\*$/, ""))) return undefined;
  return rows.map((row) => row.filter((cell) => cell !== "").join(" ")).join(layout === "lines" ? "\n" : "; ");
}

function formatMatrix([open, close]: Brackets, rows: readonly Row[], layout: Layout): string {
  if (layout === "line") return `${open}${rows.map((row) => row.join(", ")).join("; ")}${close}`;
  return `\n${rows.map((row) => `${open}${row.join("\u2003")}${close}`).join("\n")}`;
}

function formatCases(rows: readonly Row[], layout: Layout): string {
  const cases = rows.map((row) => row.map((cell) => cell.replace(/,$/, "")).join(", "));
  if (layout === "line" || cases.length === 1) return `{${cases.join("; ")}`;
  return `\n${cases.map((text, i) => `${brace(i, cases.length)} ${text}`).join("\n")}`;
}

function brace(index: number, count: number): string {
  if (index === 0) return "⎧";
  if (index === count - 1) return "⎩";
  return index === Math.floor(count / 2) ? "⎨" : "⎪";
}

type Brackets = readonly [string, string];

const matrices: ReadonlyMap<string, Brackets> = new Map([
  ["matrix", ["[", "]"]],
  ["smallmatrix", ["[", "]"]],
  ["array", ["[", "]"]],
  ["bmatrix", ["[", "]"]],
  ["pmatrix", ["(", ")"]],
  ["Bmatrix", ["{", "}"]],
  ["vmatrix", ["|", "|"]],
  ["Vmatrix", ["‖", "‖"]],
]);

const casesLike: ReadonlySet<string> = new Set(["cases", "dcases", "rcases"]);

const aligned: ReadonlySet<string> = new Set(
  "align aligned alignat alignedat gather gathered equation split multline eqnarray displaymath math".split(" "),
);
