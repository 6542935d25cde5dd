import { describe, expect, it } from "vitest";
import type { CommandEvent } from "../../../src/adapter.ts";
import type { CommandDesk } from "../../../src/commands/command.ts";
import { commandDescriptions as describeCommands, findCommand } from "../../../src/commands/registry.ts";
import { en } from "../../../src/locale/en.ts";
import { words } from "../../../src/locale/locale.ts";
import { zh } from "../../../src/locale/zh.ts";

const conversation = { agent: "agent", sessionName: "telegram:1", place: "" };
const event = { argument: "", author: { id: "1", name: "Ann", automated: false } } as CommandEvent;

/** Gives a command and returns what the person is told, and what was asked of the desk. */
async function give(name: string, desk: Partial<CommandDesk> = {}, locale = "en") {
  const asked: unknown[] = [];
  const told = await findCommand(name)?.run({
    conversation,
    event,
    locale,
    words: words(locale),
    desk: {
      stop: async (key) => {
        asked.push(["stop", key]);
        return (await desk.stop?.(key)) ?? true;
      },
      startOver: async (key) => {
        asked.push(["startOver", key]);
        return (await desk.startOver?.(key)) ?? true;
      },
      askAgain: async () => false,
      latestTurn: async () => undefined,
      renameConversation: async () => true,
      dropConversation: async () => "deleted",
      past: {} as CommandDesk["past"],
    },
  });
  return { told, asked };
}

const commandDescriptions = describeCommands(false);

describe("a command", () => {
  it.each<[string, Partial<CommandDesk>, keyof typeof en]>([
    ["new", { startOver: async () => true }, "newDone"],
    ["new", { startOver: async () => false }, "newFailed"],
    ["stop", { stop: async () => true }, "stopDone"],
    ["stop", { stop: async () => false }, "stopNothing"],
    ["retry", {}, "retryNothing"],
    ["debug", {}, "debugNothing"],
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
    const names = ["new", "stop", "retry", "conversations", "forget", "help"];
    expect(commandDescriptions.map(({ name }) => name)).toEqual(names);
    const [first] = commandDescriptions;
    expect(first).toEqual({ name: "new", description: en.describeNew, translations: { zh: zh.describeNew } });
  });

  it("hold those for admins where there are any", () => {
    expect(describeCommands(true).map(({ name }) => name)).toContain("debug");
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
