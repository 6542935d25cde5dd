import { expect, it } from "vitest";
import type { Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import { say } from "../../src/playground/coze/index.ts";
import { read } from "../support/reading.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

interface Block {
  /** Absent for prose. */
  readonly language?: string;
  readonly text: string;
}

const limits = { telegram: 4096, discord: 2000 };

describeEachPlatform("A long answer goes on in further messages", {}, (world, platform) => {
  it.each([
    { kind: "prose, code, Chinese and emoji", blocks: mixedBlocks() },
    { kind: "one block of code", blocks: [{ language: "python", text: lines(12_000, pythonLine) }] },
    {
      kind: "Chinese without a space",
      blocks: [{ text: "春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。".repeat(500) }],
    },
    { kind: "emoji without an end", blocks: [{ text: "👩‍👩‍👧‍👦🇳🇴👍🏽".repeat(1_200) }] },
  ])("shows all of it, in order, nothing broken: $kind", async ({ blocks }) => {
    const { coze } = world();
    const { person, room } = world().someone();
    coze.answer = () => say(markdown(blocks), { chunk: 60, everyMs: 2 });

    const whole = blocks.map(({ text }) => text).join("");
    const question = world().chat.say(person, room, "Tell me everything.");
    const messages = await complete(world(), room, characters(whole));

    const readings = messages.map((message) => read(platform, message));
    for (const [index, message] of messages.entries()) {
      expect([...message.text].length).toBeLessThanOrEqual(limits[platform]);
      expect(message.replyToId).toBe(index === 0 ? question.id : undefined);
      if (platform === "discord") expect((message.text.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
    }
    expect(readings.flatMap(({ text }) => graphemes(text))).toEqual(graphemes(whole));
    expect(codeByLanguage(readings.flatMap(({ code }) => code))).toEqual(codeByLanguage(blocks));
    expectSealedInTurn(messages);
    expect(world().chat.calls.filter(({ status }) => status >= 400)).toEqual([]);
  });
});

/** The bot's messages, once they hold all of these characters. */
async function complete(world: World, room: Room, expected: string): Promise<readonly ShownMessage[]> {
  const { chat } = world;
  const shown = () => chat.botMessages(room);
  const all = () =>
    characters(
      shown()
        .map((message) => world.reads(message))
        .join(""),
    );
  await chat.until("the whole answer is shown", () => all() === expected, 25_000);
  return shown();
}

/** A message that was followed by another one never changed after that. */
function expectSealedInTurn(messages: readonly ShownMessage[]): void {
  for (const [index, { revisions }] of messages.entries()) {
    const next = messages[index + 1];
    if (next) expect(revisions.at(-1)?.at).toBeLessThanOrEqual(next.revisions[0]?.at ?? 0);
  }
}

function codeByLanguage(blocks: readonly Block[]): Readonly<Record<string, string>> {
  const code: Record<string, string> = {};
  for (const { language, text } of blocks) {
    if (language !== undefined) code[language] = (code[language] ?? "") + characters(text);
  }
  return code;
}

/** What must arrive: everything but white space, which may fall away where a message ends. */
function characters(text: string): string {
  return text.replaceAll(/\s/g, "");
}

/** An emoji of several code points is one of them. */
function graphemes(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter().segment(characters(text)), ({ segment }) => segment);
}

function markdown(blocks: readonly Block[]): string {
  const sources = blocks.map(({ language, text }) =>
    language === undefined ? text : `\`\`\`${language}\n${text}\n\`\`\``,
  );
  return sources.join("\n\n");
}

function mixedBlocks(): Block[] {
  return [
    { text: paragraphs("The quick brown fox jumps over the lazy dog near the river bank. ", 1_500) },
    { language: "python", text: lines(3_000, pythonLine) },
    { text: paragraphs("敏捷的棕色狐狸跳过了懒狗，然后跑向河边。", 2_000) },
    { language: "typescript", text: lines(4_500, typescriptLine) },
    { text: paragraphs("Party 🎉 with family 👩‍👩‍👧‍👦 and flags 🇳🇴 until the morning 🌅. ", 1_500) },
  ];
}

function paragraphs(sentence: string, length: number): string {
  const paragraph = sentence.repeat(4).trim();
  return Array.from({ length: Math.ceil(length / paragraph.length) }, () => paragraph).join("\n\n");
}

function lines(length: number, line: (index: number) => string): string {
  let text = line(0);
  for (let i = 1; text.length < length; i += 1) text += `\n${line(i)}`;
  return text;
}

function pythonLine(index: number): string {
  return index % 10 === 9
    ? ""
    : `${"    ".repeat(index % 3)}total_${index} = values[${index}] ** 2  # *not* _markdown_`;
}

function typescriptLine(index: number): string {
  return `${"  ".repeat(index % 4)}const text${index}: string = \`line \${${index}} 你好\`; // <b>😀</b>`;
}
