import { expect, it } from "vitest";
import type { CommandDescription, Completion } from "../../../../src/adapter.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { callsOf, emulator, onlineBridge } from "./bridge-side.ts";

const callback = "POST /interactions/:id/:token/callback";

const resume: CommandDescription = {
  name: "resume",
  description: "Go on with an earlier conversation",
  translations: { zh: "继续之前的对话" },
  argument: {
    name: "conversation",
    description: "Which one",
    translations: { zh: "哪一个" },
    completes: true,
  },
};

async function offering(config: Parameters<typeof onlineBridge>[1] = {}) {
  const discord = await emulator();
  const bridge = await onlineBridge(discord, config);
  await bridge.adapter.registerCommands?.([resume, { name: "new", description: "Start over", translations: {} }]);
  const person = discord.addPerson({ name: "Ann", locale: "zh-CN" });
  return { discord, bridge, person, room: discord.addGroup("general", [person]) };
}

it("registers what may follow a command, in every language that is known", async () => {
  const { discord } = await offering();
  const [call] = callsOf(discord, "PUT /applications/:id/commands");
  expect(call?.parameters).toMatchObject({
    0: {
      name: "resume",
      options: [
        {
          type: 3,
          name: "conversation",
          description: "Which one",
          description_localizations: { "zh-CN": "哪一个", "zh-TW": "哪一个" },
          required: false,
          autocomplete: true,
        },
      ],
    },
  });
  expect(call?.parameters["1"]).not.toHaveProperty("options");
});

it("takes what was chosen as the command's argument, and nothing when nothing was", async () => {
  const c = await offering();
  c.discord.command(c.person, c.room, "resume", "c-7");
  c.discord.command(c.person, c.room, "resume");
  expect(await c.bridge.received(2)).toMatchObject([
    { type: "command", name: "resume", argument: "c-7" },
    { type: "command", name: "resume", argument: "" },
  ]);
});

it("offers what the core knows while a person types", async () => {
  const c = await offering();
  c.bridge.completeWith(async ({ typed }) => [{ label: `About ${typed}`, value: "c-7" }]);
  expect(await c.discord.typeCommand(c.person, c.room, "resume", "ca")).toEqual([{ name: "About ca", value: "c-7" }]);
  expect(c.bridge.completions).toEqual([
    {
      platform: "discord",
      author: { id: c.person.id, name: "Ann", locale: "zh-CN", automated: false },
      chat: { key: c.room.id, kind: "group", title: "general" },
      name: "resume",
      typed: "ca",
    },
  ]);
  expect(c.bridge.events).toEqual([]);
});

it("offers at most twenty-five", async () => {
  const c = await offering();
  const many = Array.from({ length: 30 }, (_, index): Completion => ({ label: `${index}`, value: `c-${index}` }));
  c.bridge.completeWith(async () => many);
  expect(await c.discord.typeCommand(c.person, c.room, "resume", "")).toHaveLength(25);
});

it("offers nothing when the core fails", async () => {
  const c = await offering();
  c.bridge.completeWith(() => Promise.reject(new Error("The disk is gone.")));
  expect(await c.discord.typeCommand(c.person, c.room, "resume", "")).toEqual([]);
  expect(c.bridge.log).toContainEqual(expect.objectContaining({ level: "warn" }));
});

it("offers nothing when the core takes too long", async () => {
  const clock = createManualClock();
  const c = await offering({ clock });
  c.bridge.completeWith(() => new Promise(() => undefined));
  const choices = c.discord.typeCommand(c.person, c.room, "resume", "");
  await c.bridge.typed(1);
  await clock.advance(2_000);
  expect(await choices).toEqual([]);
});

it("lets it be when Discord wants no answer any more", async () => {
  const c = await offering();
  c.discord.faults.add({
    method: callback,
    effect: { kind: "reply", status: 404, body: { code: 10_062, message: "Unknown interaction" } },
  });
  c.bridge.completeWith(async () => []);
  c.discord.typeCommand(c.person, c.room, "resume", "").catch(() => undefined);
  expect(await c.bridge.logged("what a person could choose from came too late")).toMatchObject({ level: "debug" });
});
