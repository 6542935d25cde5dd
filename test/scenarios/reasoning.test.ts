import { describe, expect, it, onTestFinished } from "vitest";
import type { Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import {
  complete,
  cut,
  event,
  gate,
  type Script,
  type Step,
  say,
  silence,
  think,
} from "../../src/playground/coze/index.ts";
import type { TelegramEmulator } from "../../src/playground/telegram/index.ts";
import { closedGate } from "../support/gate.ts";
import {
  describeEachPlatform,
  type PlatformName,
  platformNames,
  type StartedWorld,
  startWorld,
  type World,
} from "../support/world.ts";
import { startHttpServer } from "../unit/coze/http-server.ts";

const styles = ["quote", "spoiler"] as const;
type Style = (typeof styles)[number];

/** All at once, so that it takes one call to show. */
const at = (text: string): Script => say(text, { chunk: Number.POSITIVE_INFINITY });

/** Reasoning that is told while it happens, and that Coze lists nowhere afterwards. */
function thinkAloud(text: string): Step {
  const part = { id: "thought", role: "assistant", type: "answer", content_type: "text", content: "" };
  return event("conversation.message.delta", JSON.stringify({ ...part, reasoning_content: text }));
}

/** How a line of reasoning stands in a message; on Telegram that it is set apart is told beside the text. */
function marked(platform: PlatformName, style: Style, line: string): string {
  if (platform === "telegram") return line;
  return style === "quote" ? `-# ${line}` : `||${line}||`;
}

/** What a message sets apart from its text, on Telegram. */
function apart({ revisions }: ShownMessage): readonly unknown[] {
  return revisions.at(-1)?.entities.map(({ type, offset, length }) => ({ type, offset, length })) ?? [];
}

/** Resolves with the bot's only message as soon as it is exactly this. */
async function showing({ chat }: World, room: Room, text: string): Promise<ShownMessage> {
  return await chat.until(`"${text}"`, () => {
    const [message, ...others] = chat.botMessages(room);
    return others.length === 0 && message?.text === text ? message : undefined;
  });
}

describe.each(styles)("REASONING=%s", (style) => {
  const environment = { REASONING: style };
  describeEachPlatform("shows what the model thinks", { environment }, (world, platform) => {
    const line = (text: string) => marked(platform, style, text);

    it("while it does so, and leaves it above the answer", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      const [more, answer, rest] = [closedGate(), closedGate(), closedGate()];
      coze.answer = () => [
        think("Ducks"),
        gate(more.opened),
        think(" are *birds*."),
        gate(answer.opened),
        ...at("They **fly**"),
        gate(rest.opened),
        ...at("."),
      ];
      chat.say(person, room, "Do ducks fly?");
      const begun = await showing(world(), room, line("💭 Ducks"));
      more.open();
      const thought = line(platform === "telegram" ? "💭 Ducks are *birds*." : "💭 Ducks are \\*birds\\*.");
      await showing(world(), room, thought);
      answer.open();
      const bold = (text: string) => (platform === "telegram" ? text : `**${text}**`);
      await showing(world(), room, `${thought}\n\nThey ${bold("fly")}`);
      rest.open();
      const whole = await showing(world(), room, `${thought}\n\nThey ${bold("fly")}.`);
      expect(whole.id).toBe(begun.id);
      if (platform === "discord") return;
      const type = style === "quote" ? "expandable_blockquote" : "spoiler";
      expect(apart(whole)).toEqual([
        { type, offset: 0, length: thought.length },
        { type: "bold", offset: thought.length + 7, length: 3 },
      ]);
    });

    it("whole again when the stream was lost within the answer", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      const rest = closedGate();
      coze.answer = () => [think("Ducks."), ...at("They"), cut("reset"), gate(rest.opened), ...at(" fly.")];
      chat.say(person, room, "Do ducks fly?");
      await showing(world(), room, `${line("💭 Ducks.")}\n\nThey`);
      await coze.until("it is followed", () => coze.requests.some(({ path }) => path === "/v3/chat/retrieve"));
      rest.open();
      await showing(world(), room, `${line("💭 Ducks.")}\n\nThey fly.`);
    });
  });
});

function words(mark: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${mark}${index} `).join("");
}

function listed(...parts: readonly (readonly [mark: string, count: number])[]): readonly string[] {
  return parts.flatMap(([mark, count]) => words(mark, count).trim().split(" "));
}

/** Resolves with the counted words that the person reads, once the last of them is there. */
async function wordsOf({ chat }: World, room: Room, last: string): Promise<readonly string[]> {
  const read = () => chat.botMessages(room).flatMap(({ text }) => text.match(/\b[tab]\d+\b/g) ?? []);
  await chat.until(`the word ${last}`, () => read().at(-1) === last);
  return read();
}

describeEachPlatform("REASONING=quote", { environment: { REASONING: "quote" } }, (world, platform) => {
  const line = (text: string) => marked(platform, "quote", text);

  it("shows the beginning of what is long, and all of the answer", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    coze.answer = () => [think("思".repeat(5000)), ...say(words("a", 1500), { chunk: 500 })];
    chat.say(person, room, "Tell me everything.");
    expect(await wordsOf(world(), room, "a1499")).toEqual(listed(["a", 1500]));
    const shown = chat
      .botMessages(room)
      .map(({ text }) => text)
      .join("");
    expect(shown.match(/思/g)).toHaveLength(1000);
    expect(shown).toContain("思…");
  });

  it("leaves a long answer as it stands when the model thinks again below it", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = () => [
      ...at(words("a", 1200)),
      complete(),
      gate(rest.opened),
      think(words("t", 150)),
      ...at(words("b", 900)),
    ];
    chat.say(person, room, "Tell me everything.");
    await chat.until("a second message", () => chat.botMessages(room).length > 1);
    rest.open();
    expect(await wordsOf(world(), room, "b899")).toEqual(listed(["a", 1200], ["b", 900]));
  });

  it.each([
    ["the stream is lost, and Coze lists the reasoning", think, false],
    ["the stream is lost, and Coze does not list the reasoning", thinkAloud, false],
    ["the process is killed, and Coze lists the reasoning", think, true],
    ["the process is killed, and Coze does not list the reasoning", thinkAloud, true],
  ])("stands above all of a long answer when %s", async (_, thinks, isKilled) => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    const lost = isKilled ? [] : [cut("reset")];
    coze.answer = () => [
      thinks(words("t", 150)),
      ...at(words("a", 900)),
      ...lost,
      gate(rest.opened),
      ...at(words("b", 900)),
    ];
    chat.say(person, room, "Tell me everything.");
    await chat.until("a second message", () => chat.botMessages(room).length > 1);
    if (isKilled) {
      await world().bridge.kill();
      await world().restart();
    }
    rest.open();
    expect(await wordsOf(world(), room, "b899")).toEqual(listed(["t", 150], ["a", 900], ["b", 900]));
  });

  it("ends as it is when the answer is stopped while the model thinks", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    coze.answer = () => [think("Hm."), silence()];
    chat.say(person, room, "One?");
    await showing(world(), room, line("💭 Hm."));
    chat.command(person, room, "stop");
    await chat.until("the word", () => chat.botMessages(room)[0]?.text === `${line("💭 Hm.")}\n\n⏹ Stopped.`);
  });
});

describe.each(platformNames)("On %s", (platform) => {
  it("what reasoning links to is never fetched, and what the answer links to is", async () => {
    const server = await startHttpServer((_, response) => {
      response.writeHead(200, { "Content-Type": "image/png" }).end(png);
    });
    onTestFinished(() => server[Symbol.asyncDispose]());
    const { host } = new URL(server.base);
    const world = await begin(platform, { REASONING: "quote", MEDIA_PRIVATE_HOSTS: host });
    const { person, room } = world.someone();
    const thought = `![a](${server.base}/a.png) ${server.base}/b.png <img src="${server.base}/c.png"> [d](${server.base}/d.png)`;
    const rest = closedGate();
    world.coze.answer = () => [think(thought), gate(rest.opened), ...at(`Look: ![e](${server.base}/e.png)`)];
    world.chat.say(person, room, "Draw a duck.");
    await world.shown(room, (text) => text.includes("/d.png"));
    rest.open();
    await world.chat.until("the picture", () => world.chat.botMessages(room).some(({ media }) => media.length > 0));
    await world.ended(person);
    expect(server.requests.map(({ path }) => path)).toEqual(["/e.png"]);
    expect(world.chat.botMessages(room).flatMap(({ media }) => media)).toHaveLength(1);
    const { text = "" } = world.chat.botMessages(room)[0] ?? {};
    for (const name of ["a", "b", "c", "d"]) expect(text).toContain(`/${name}.png`);
  });

  it("reasoning is not heard, also when the process is killed while Coze speaks", async () => {
    const world = await begin(platform, {
      REASONING: "quote",
      VOICE_ANSWERS: "always",
      COZE_VOICE_ID: "7426725529589596187",
    });
    const { coze, chat } = world;
    const { person, room } = world.someone();
    coze.faults.add({ method: "POST /v1/audio/speech", effect: { kind: "hang", applied: false } });
    coze.answer = () => [think("Hm."), ...at("They fly.")];
    chat.say(person, room, "Do ducks fly?");
    const spoken = () => coze.requests.filter(({ path }) => path === "/v1/audio/speech").map(({ body }) => body.input);
    await coze.until("the answer is spoken", () => spoken().length === 1);
    await world.bridge.kill();
    await world.restart();
    await chat.until("a voice message", () => chat.botMessages(room).some(({ media }) => media.length > 0));
    expect(spoken()).toEqual(["They fly.", "They fly."]);
  });

  it("reasoning that is hidden is nowhere to be seen, and takes no call", async () => {
    const world = await begin(platform, {});
    const { coze, chat } = world;
    const { person, room } = world.someone();
    const rest = closedGate();
    coze.answer = () => [think("The person is a duck."), gate(rest.opened), ...at("They fly.")];
    chat.say(person, room, "Do ducks fly?");
    await chat.until("the bot types", () => chat.isTyping(room));
    rest.open();
    const { revisions } = await world.hears(room, "They fly.");
    expect(revisions).toHaveLength(1);
    expect(JSON.stringify(chat.calls)).not.toContain("is a duck");
    await world.ended(person);
    expect(await world.storedBytes()).not.toContain("is a duck");
  });
});

describe("On Telegram", () => {
  it("reasoning grows in a draft, and stands above the answer in its message", async () => {
    const world = await begin("telegram", { REASONING: "quote", TELEGRAM_STREAM_MODE: "draft" });
    const { coze } = world;
    const chat = telegramOf(world);
    const { person, room } = world.someone();
    const [answer, rest] = [closedGate(), closedGate()];
    coze.answer = () => [think("Hm."), gate(answer.opened), ...at("They"), gate(rest.opened), ...at(" fly.")];
    chat.say(person, room, "Do ducks fly?");
    await chat.until("the draft", () => chat.draft(room)?.text === "💭 Hm.");
    answer.open();
    await chat.until("the draft", () => chat.draft(room)?.text === "💭 Hm.\n\nThey");
    rest.open();
    const whole = await showing(world, room, "💭 Hm.\n\nThey fly.");
    expect(apart(whole)).toEqual([{ type: "expandable_blockquote", offset: 0, length: "💭 Hm.".length }]);
    expect(chat.draft(room)).toBeUndefined();
  });

  it.each([
    ["quote", { type: "expandable_blockquote", text: "💭 *Hm.*" }],
    ["spoiler", { type: "paragraph", text: { type: "spoiler", text: "💭 *Hm.*" } }],
  ])("a %s of reasoning is a block of its own in a rich message", async (style, block) => {
    const world = await begin("telegram", { REASONING: style, TELEGRAM_FORMAT: "rich" });
    const chat = telegramOf(world);
    const { person, room } = world.someone();
    world.coze.answer = () => [think("*Hm.*"), ...at("So many:\n\n| a | b |\n| - | - |\n| 1 | 2 |")];
    chat.say(person, room, "How many?");
    const whole = await chat.until("a rich message", () =>
      chat.botMessages(room).find((message) => chat.richMessage(message)),
    );
    await world.ended(person);
    expect(chat.richMessage(whole)?.blocks).toMatchObject([
      block,
      { type: "paragraph", text: "So many:" },
      { type: "table" },
    ]);
    expect(chat.botMessages(room)).toHaveLength(1);
  });
});

async function begin(platform: PlatformName, environment: Readonly<Record<string, string>>): Promise<StartedWorld> {
  const world = await startWorld({ platform, environment });
  onTestFinished(async () => {
    await world.close();
    world.assertDiscretion();
  });
  return world;
}

function telegramOf({ chat }: World): TelegramEmulator {
  if (chat.name !== "telegram") throw new Error("this is about Telegram");
  return chat;
}

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);
