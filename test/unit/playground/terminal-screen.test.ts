import { expect, test } from "vitest";
import { Screen } from "../../../src/playground/terminal/screen.ts";
import { styled } from "../../../src/playground/terminal/styled-text.ts";
import { TerminalModel } from "./terminal-model.ts";

const lines = (...texts: string[]) => texts.map((text) => [styled(text)]);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

test("live lines are redrawn where they stand, however many they become", () => {
  const terminal = new TerminalModel(40, 10);
  const screen = new Screen(terminal);
  screen.print(lines("above"));
  screen.show(lines("one"));
  screen.show(lines("one", "two", "three"));
  screen.show(lines("一", "二"));
  expect(terminal.all).toEqual(["above", "一", "二"]);
  expect(terminal.isCursorShown).toBe(false);
});

test("of more lines than the terminal is high, the last ones are seen and nothing is left behind above", () => {
  const terminal = new TerminalModel(40, 5);
  const screen = new Screen(terminal);
  screen.print(lines("above"));
  for (let count = 1; count <= 12; count += 1) screen.show(lines(...numbered(count)));
  expect(terminal.visible.slice(-4)).toEqual(numbered(12).slice(-4));
  expect(terminal.all.filter((line) => line !== "above")).toEqual(numbered(12).slice(-4));
  screen.keep(lines(...numbered(12)));
  expect(terminal.all).toEqual(["above", ...numbered(12), ""]);
});

test("printed lines go above the live ones", () => {
  const terminal = new TerminalModel(40, 10);
  const screen = new Screen(terminal);
  screen.show(lines("live"));
  screen.print(lines("fixed"));
  expect(terminal.all).toEqual(["fixed", "live"]);
});

test("the cursor stands in the last line, at its column", () => {
  const terminal = new TerminalModel(40, 10);
  const screen = new Screen(terminal);
  screen.show(lines("answer", "telegram> 中文"), 14);
  expect([terminal.column, terminal.isCursorShown]).toEqual([14, true]);
  screen.show(lines("longer answer", "telegram> 中"), 12);
  expect(terminal.all).toEqual(["longer answer", "telegram> 中"]);
});

test("a terminal that has become narrower has wrapped what was drawn", () => {
  const terminal = new TerminalModel(20, 10);
  const screen = new Screen(terminal);
  screen.show(lines("x".repeat(19), "second"));
  terminal.write("\r\x1b[1A\x1b[J");
  terminal.columns = 10;
  terminal.write(`${"x".repeat(19)}\r\nsecond`);
  screen.show(lines("new"));
  expect(terminal.all).toEqual(["new"]);
});

test("closing takes the live lines away and gives the cursor back", () => {
  const terminal = new TerminalModel(40, 10);
  const screen = new Screen(terminal);
  screen.print(lines("above"));
  screen.show(lines("one", "two"));
  screen.close();
  expect(terminal.all).toEqual(["above", ""]);
  expect([terminal.column, terminal.isCursorShown]).toEqual([0, true]);
});
