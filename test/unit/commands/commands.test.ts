import { describe, expect, it } from "vitest";
import type { CommandDesk } from "../../../src/commands/command.ts";
import { commandDescriptions, findCommand } from "../../../src/commands/registry.ts";
import { en } from "../../../src/locale/en.ts";
import { words } from "../../../src/locale/locale.ts";
import { zh } from "../../../src/locale/zh.ts";

const conversation = { agent: "agent", sessionName: "telegram:1", place: "" };

/** Gives a command and returns what the person is told, and what was asked of the desk. */
async function give(name: string, desk: Partial<CommandDesk> = {}, locale = "en") {
  const asked: unknown[] = [];
  const told = await findCommand(name)?.run({
    conversation,
    words: words(locale),
    desk: {
      stop: (key) => {
        asked.push(["stop", key]);
        return desk.stop?.(key) ?? true;
      },
      startOver: async (key) => {
        asked.push(["startOver", key]);
        return (await desk.startOver?.(key)) ?? true;
      },
    },
  });
  return { told, asked };
}

describe("a command", () => {
  it.each<[string, Partial<CommandDesk>, keyof typeof en]>([
    ["new", { startOver: async () => true }, "newDone"],
    ["new", { startOver: async () => false }, "newFailed"],
    ["stop", { stop: () => true }, "stopDone"],
    ["stop", { stop: () => false }, "stopNothing"],
    ["help", {}, "help"],
    ["start", {}, "start"],
  ])("/%s: says what came of it, in the person's language", async (name, desk, key) => {
    expect((await give(name, desk)).told).toBe(en[key]);
    expect((await give(name, desk, "zh")).told).toBe(zh[key]);
  });

  it.each<[string, unknown[]]>([
    ["new", [["startOver", conversation]]],
    ["stop", [["stop", conversation]]],
    ["help", []],
    ["start", []],
  ])("/%s: does to the conversation what it says and nothing else", async (name, expected) => {
    expect((await give(name)).asked).toEqual(expected);
  });

  it.each(["", "New", "new ", "toString", "settings"])("%j is not known", (name) => {
    expect(findCommand(name)).toBeUndefined();
  });
});

describe("the commands that menus list", () => {
  it("are those a person needs to find, described in both languages", () => {
    expect(commandDescriptions).toEqual([
      { name: "new", description: en.describeNew, translations: { zh: zh.describeNew } },
      { name: "stop", description: en.describeStop, translations: { zh: zh.describeStop } },
      { name: "help", description: en.describeHelp, translations: { zh: zh.describeHelp } },
    ]);
  });

  it("are described in /help, and nothing else is", () => {
    const listed = commandDescriptions.map(({ name }) => `/${name}`);
    for (const help of [en.help, zh.help]) expect(help.match(/^\/\w+/gm)).toEqual(listed);
  });

  it("keep to the platforms' limits", () => {
    for (const { name, description, translations } of commandDescriptions) {
      expect(name).toMatch(/^[a-z]{1,32}$/);
      for (const text of [description, ...Object.values(translations)]) {
        expect(text.length).toBeGreaterThan(0);
        expect([...text].length).toBeLessThanOrEqual(100);
      }
    }
  });
});
