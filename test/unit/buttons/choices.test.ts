import { expect, it } from "vitest";
import { choicesIn } from "../../../src/buttons/choices.ts";

it.each<[string, string, readonly string[]]>([
  ["numbered", "Which city?\n1. Paris\n2. Rome\n3. Oslo", ["Paris", "Rome", "Oslo"]],
  ["lettered", "Which?\nA. Tea\nB. Coffee", ["Tea", "Coffee"]],
  ["in Chinese", "请选择：\n1、北京\n2、上海", ["北京", "上海"]],
  ["with parentheses", "Which?\n1) one\n2) two", ["one", "two"]],
  ["marked", "Which?\n- **Small**\n- Large", ["Small", "Large"]],
  ["with blank lines between", "Which?\n\n1. Paris\n\n2. Rome\n", ["Paris", "Rome"]],
  ["a single one", "Which?\n1. Paris", []],
  ["none", "What is your name?", []],
  ["followed by more text", "1. Paris\n2. Rome\nWhich of these?", []],
  ["more than ten", Array.from({ length: 11 }, (_, n) => `${n + 1}. x`).join("\n"), []],
  ["on a line without an end", `Which?\n1. a${" ".repeat(200_000)}x\n2. y`, []],
  ["too long for a button", `Which?\n1. ${"x".repeat(81)}\n2. y`, []],
])("options that are %s", (_, question, options) => {
  expect(choicesIn(question)).toEqual(options);
});
