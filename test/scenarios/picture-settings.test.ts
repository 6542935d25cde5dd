import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Room } from "../../src/playground/chat-platform.ts";
import { gate, say } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { refusing, startLinkServer } from "../support/link-server.ts";
import { expectSeen, fileCalls, linked, seenIn } from "../support/linked-files.ts";
import { type PlatformName, type StartedWorld, startWorld } from "../support/world.ts";

const server = await startLinkServer();
afterAll(() => server.close());

const ways: readonly {
  readonly platform: PlatformName;
  readonly settings: Readonly<Record<string, string>>;
}[] = [
  { platform: "telegram", settings: { TELEGRAM_STREAM_MODE: "draft" } },
  { platform: "telegram", settings: { TELEGRAM_FORMAT: "rich" } },
  { platform: "telegram", settings: { TELEGRAM_STREAM_MODE: "draft", TELEGRAM_FORMAT: "rich" } },
  { platform: "discord", settings: { DISCORD_FINISH: "fresh" } },
];

describe.each(ways)("Pictures in answers on $platform with $settings", ({ platform, settings }) => {
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform, environment: { MEDIA_PRIVATE_HOSTS: server.host, ...settings } });
  });
  afterAll(async () => {
    await world.close();
    world.assertDiscretion();
  });

  it("stand at their places, with all of the text, while it grows and in the end", async () => {
    const { coze, chat } = world;
    const somebody = world.someone();
    const rest = closedGate();
    const links = [linked.moon, linked.noon, linked.mist].map((bytes, n) => server.link(`${n}.png`, bytes));
    coze.answer = () => [
      ...say(`Look at the moon:\n\n![](${links[0]})\n\nIt is bright`, { everyMs: 30 }),
      gate(rest.opened),
      ...say(` and round.\n\n![](${links[1]})\n![](${links[2]})\n\nThat is all.`, { everyMs: 30 }),
    ];
    chat.say(somebody.person, somebody.room, "Show me the moon.");
    await chat.until("the picture", () => seenIn(world, somebody.room).includes("[moon]"));
    await chat.until("text behind it", () => isShownOrDrafted(world, somebody.room, "It is bright"));
    rest.open();
    const whole = ["Look at the moon:", "[moon]", "It is bright and round.", "[noon]", "[mist]", "That is all."];
    await chat.until("all of it", () => seenIn(world, somebody.room).at(-1) === "That is all.");
    await expectSeen(world, somebody, whole);
    expect(fileCalls(world, somebody.room).map(({ status }) => status)).toEqual([200, 200]);
    if (chat.name === "telegram") expect(chat.draft(somebody.room)).toBeUndefined();
  });

  it.each([
    ["at the end", (link: string) => `It is bright and round:\n\n![](${link})`, ["It is bright and round:", "[moon]"]],
    [
      "at the beginning",
      (link: string) => `![](${link})\n\nIt is bright and round.`,
      ["[moon]", "It is bright and round."],
    ],
    ["alone", (link: string) => `![](${link})`, ["[moon]"]],
  ])("stand %s", async (_title, answer, seen) => {
    const somebody = world.someone();
    const text = answer(server.link("moon.png", linked.moon));
    world.coze.answer = () => say(text, { everyMs: 100 });
    world.chat.say(somebody.person, somebody.room, "Show me the moon.");
    await expectSeen(world, somebody, seen);
    if (world.chat.name === "telegram") expect(world.chat.draft(somebody.room)).toBeUndefined();
  });

  it("stay links where there is none", async () => {
    const somebody = world.someone();
    const link = server.link("moon.png", refusing(404));
    world.coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nNice.`, { everyMs: 30 });
    world.chat.say(somebody.person, somebody.room, "Show me the moon.");
    await expectSeen(world, somebody, ["Look:", "The moon\n\nNice."]);
  });

  it("stand between tables", async () => {
    const somebody = world.someone();
    const link = server.link("moon.png", linked.moon);
    world.coze.answer = () => say(`${table("Rome", "Oslo")}\n\n![The moon](${link})\n\n${table("Bonn", "Kiel")}`);
    world.chat.say(somebody.person, somebody.room, "Where are they?");
    const cities = (...names: readonly string[]) =>
      expect.stringMatching(new RegExp(`^(?!.*http).*${names.join(".*")}`, "s"));
    await expectSeen(world, somebody, [cities("Rome", "Oslo"), "[moon]", cities("Bonn", "Kiel")]);
  });
});

/** A draft is no message yet. */
function isShownOrDrafted(world: StartedWorld, room: Room, text: string): boolean {
  const draft = world.chat.name === "telegram" ? world.chat.draft(room)?.text : undefined;
  return [...seenIn(world, room), draft].some((shown) => shown?.includes(text));
}

function table(...cities: readonly string[]): string {
  return ["| city |", "| --- |", ...cities.map((city) => `| ${city} |`)].join("\n");
}
