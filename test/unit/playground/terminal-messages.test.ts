import { describe, expect, test } from "vitest";
import { readDiscordText } from "../../../src/playground/terminal/discord-text.ts";
import { plainTextOf, type StyledText } from "../../../src/playground/terminal/styled-text.ts";
import { readTelegramText } from "../../../src/playground/terminal/telegram-text.ts";

/** `[bold]Ann[/]` for a styled run; runs without style as they are. */
function marked(text: StyledText): string {
  return text.map(({ text, styles }) => (styles.length > 0 ? `[${styles.join(" ")}]${text}[/]` : text)).join("");
}

describe("a message of Discord", () => {
  test.each([
    ["bold and italic", "Hello **Ann**, *you*", "Hello [bold]Ann[/], [italic]you[/]"],
    ["escapes", "snake\\_case \\*not bold\\*", "snake_case *not bold*"],
    ["code", "use `/new` now", "use [code]/new[/] now"],
    ["no emphasis in code", "`a **b** \\*`", "[code]a **b** \\*[/]"],
    ["a heading", "### Title\ntext", "[bold]Title[/]\ntext"],
    ["a code block", "a\n```ts\nlet **x**;\n```\nb", "a\n[code]let **x**;[/]\nb"],
    ["styles in each other", "**a *b***", "[bold]a [/][bold italic]b[/]"],
    ["underlined and struck", "__a__ ~~b~~", "[underlined]a[/] [struck]b[/]"],
    ["invisible characters", "**a**\u200b*b*", "[bold]a[/][italic]b[/]"],
    ["a mark that closes nowhere", "2 ~ 3 _", "2 ~ 3 _"],
  ])("shows %s", (_, content, shown) => {
    expect(marked(readDiscordText(content))).toBe(shown);
  });
});

describe("a message of Telegram", () => {
  test("is styled by its entities, whose offsets count UTF-16 units", () => {
    const entities = [
      { type: "bold", offset: 3, length: 5 },
      { type: "italic", offset: 6, length: 2 },
      { type: "mention", offset: 0, length: 2 },
    ];
    const text = readTelegramText({ at: 0, text: "🍵 Hello *", entities });
    expect(marked(text)).toBe("🍵 [bold]Hel[/][bold italic]lo[/] *");
    expect(plainTextOf(text)).toBe("🍵 Hello *");
  });

  test("without text is empty", () => {
    expect(readTelegramText({ at: 0, text: "", entities: [] })).toEqual([]);
  });
});
