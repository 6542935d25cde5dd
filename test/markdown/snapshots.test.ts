import { describe, expect, it } from "vitest";
import { render } from "../../adapters/telegram/render.ts";
import { MarkdownStream } from "../../src/markdown/blocks.ts";
import type { FormattedText } from "../../src/markdown/formatted-text.ts";
import { corpus } from "./corpus.ts";
import { discord, type Platform, partsOf, telegram } from "./platforms.ts";
import { drawing } from "./telegram-drawing.ts";

/** The messages of an answer one below the other, for people to read: `npx vitest run test/markdown --update` writes them anew. */
function messages(source: string, platform: Platform, shown: (text: FormattedText) => string): string {
  const stream = new MarkdownStream();
  stream.write(source);
  const parts = partsOf(stream.read(), platform);
  const drawn = parts.map(({ text }, index) => {
    const length = [...platform.sent(text)].length;
    return `════ message ${index + 1} of ${parts.length}: ${length} of ${platform.limit} characters ════\n${shown(text)}\n`;
  });
  return drawn.join("\n").replaceAll("\u200b", "‹zwsp›");
}

describe.each(Object.entries(corpus))("%s", (name, source) => {
  it("on Telegram, with its entities drawn", async () => {
    const shown = messages(source, telegram, (text) => drawing(render(text)));
    await expect(shown).toMatchFileSnapshot(`snapshots/${name}.telegram.txt`);
  });

  it("on Discord, as it is sent", async () => {
    await expect(messages(source, discord, discord.sent)).toMatchFileSnapshot(`snapshots/${name}.discord.txt`);
  });
});
