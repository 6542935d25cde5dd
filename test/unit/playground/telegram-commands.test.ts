import { Api } from "grammy";
import { describe, expect, it } from "vitest";
import { descriptionOf, emulate } from "./telegram-fixture.ts";

describe("the command menu", () => {
  it("is kept for each scope and language", async () => {
    const emulator = await emulate();
    const api = new Api(emulator.token, { apiRoot: emulator.apiRoot });
    const english = [{ command: "new", description: "Start over" }];
    const chinese = [{ command: "new", description: "重新开始" }];
    const groups = { scope: { type: "all_group_chats" } } as const;
    await api.setMyCommands(english);
    await api.setMyCommands(chinese, { language_code: "zh" });
    await api.setMyCommands([{ command: "/stop", description: "Stop" }], groups);
    expect(await api.getMyCommands()).toEqual(english);
    expect(await api.getMyCommands({ language_code: "zh" })).toEqual(chinese);
    expect(await api.getMyCommands(groups)).toEqual([{ command: "stop", description: "Stop" }]);
    expect(emulator.registeredCommands()).toEqual(["new", "stop"]);
    await api.deleteMyCommands(groups);
    expect(await api.getMyCommands(groups)).toEqual([]);
  });

  it.each([
    [[{ command: "", description: "x" }], "command must be non-empty"],
    [[{ command: "Neu", description: "x" }], "BOT_COMMAND_INVALID"],
    [[{ command: "n".repeat(33), description: "x" }], "command length must not exceed 32"],
    [[{ command: "new", description: "" }], "command description must be non-empty"],
    [[{ command: "new" }], `can't parse BotCommand: Can't find field "description"`],
    ["[", "can't parse commands JSON object"],
  ])("refuses %j", async (commands, reason) => {
    const emulator = await emulate();
    expect(await descriptionOf(emulator, "setMyCommands", { commands })).toBe(`Bad Request: ${reason}`);
  });
});
