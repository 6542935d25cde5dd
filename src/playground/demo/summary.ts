import { type StyledText, styled } from "../terminal/styled-text.ts";
import type { Result } from "./result.ts";
import { counted, seconds } from "./view.ts";

const columns = [
  { title: "Platform", width: 10, of: ({ platform }: Result) => platform },
  { title: "Turn", width: 19, of: ({ scene }: Result) => scene },
  { title: "First text", width: -10, of: ({ firstTextMs }: Result) => seconds(firstTextMs) },
  { title: "Complete", width: -10, of: ({ completeMs }: Result) => seconds(completeMs) },
  { title: "Messages", width: -10, of: ({ messages }: Result) => String(messages) },
  { title: "Edits", width: -6, of: ({ edits }: Result) => String(edits) },
  { title: "429s", width: -5, of: ({ rateLimited }: Result) => String(rateLimited) },
  { title: "Exact", width: -6, of: ({ isExact }: Result) => (isExact ? "yes" : "NO") },
] as const;

/** The table of what was measured, and the sum of it. */
export function summary(results: readonly Result[], elapsedMs: number): StyledText[] {
  const platforms = [...new Set(results.map(({ platform }) => platform))];
  const rows = platforms.flatMap((platform) => results.filter((result) => result.platform === platform));
  return [
    [styled("Summary", "bold")],
    [
      styled(
        row(({ title }) => title),
        "dim",
      ),
    ],
    ...rows.map(
      (result): StyledText => [
        styled(
          row(({ of }) => of(result)),
          ...styleOf(result),
        ),
      ],
    ),
    [],
    ...conclusion(rows, elapsedMs),
  ];
}

function row(cell: (column: (typeof columns)[number]) => string): string {
  const cells = columns.map((column) => {
    const text = cell(column);
    return column.width < 0 ? text.padStart(-column.width) : text.padEnd(column.width);
  });
  return `  ${cells.join("")}`;
}

function styleOf({ problems }: Result): "bad"[] {
  return problems.length === 0 ? [] : ["bad"];
}

function conclusion(results: readonly Result[], elapsedMs: number): StyledText[] {
  const sum = (of: (result: Result) => number) => results.reduce((total, result) => total + of(result), 0);
  const figures = [
    counted(results.length, "turn"),
    counted(
      sum(({ messages }) => messages),
      "message",
    ),
    counted(
      sum(({ edits }) => edits),
      "edit",
    ),
    `${counted(
      sum(({ rateLimited }) => rateLimited),
      "rate-limit answer",
    )}`,
    `${(elapsedMs / 1000).toFixed(0)} s`,
  ].join(", ");
  const problems = results.flatMap((result) =>
    result.problems.map((problem) => `${result.platform}, ${result.scene}: ${problem}.`),
  );
  if (problems.length === 0) return [[styled(`✓ Everything went as promised: ${figures}.`, "bold", "good")]];
  return [
    [styled(`✗ ${counted(problems.length, "promise")} not kept, in ${figures}:`, "bold", "bad")],
    ...problems.map((problem): StyledText => [styled(`  ${problem}`, "bad")]),
  ];
}
