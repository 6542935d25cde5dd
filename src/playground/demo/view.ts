import type { Exchange } from "../exchange.ts";
import type { StyledText } from "../terminal/styled-text.ts";
import { styled } from "../terminal/styled-text.ts";
import type { Result } from "./result.ts";

/** How the demo is shown. */
export interface View {
  /** Writes lines that stay. */
  print(lines: readonly StyledText[]): void;
  /** From now on shows these exchanges while they grow. */
  begin(title: string, exchanges: readonly Exchange[]): void;
  /** Shows their last state and what came of them, in the same order. */
  end(results: readonly Result[]): void;
  close(): void;
}

/** One line about what came of a scene on one platform. */
export function verdict(result: Result): StyledText {
  const { firstTextMs, edits, messages, problems } = result;
  const figures = [
    `first text ${seconds(firstTextMs)}`,
    counted(messages, "message"),
    counted(edits, "edit"),
    ...(problems.length === 0 ? ["exact"] : problems),
  ];
  const style = problems.length === 0 ? "good" : "bad";
  return [styled(problems.length === 0 ? "✓ " : "✗ ", style), styled(figures.join(" · "), style)];
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function seconds(ms: number | undefined): string {
  return ms === undefined ? "never" : `${(ms / 1000).toFixed(2)} s`;
}
