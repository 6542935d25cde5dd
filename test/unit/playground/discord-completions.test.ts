import { type AutocompleteInteraction, type Client, Events } from "discord.js";
import { expect, test } from "vitest";
import type { DiscordEmulator } from "../../../src/playground/discord/index.ts";
import { call, emulator, manualClock, onlineClient } from "./discord-fixture.ts";

const question = { type: 3, name: "question", description: "What you ask", autocomplete: true };

/** A bot that offers `/ask` with choices and `/new` without, and what it hears while Ada types. */
async function offering(discord: DiscordEmulator) {
  const client = await onlineClient(discord);
  await client.application.commands.set([
    { name: "ask", description: "Ask", options: [question] },
    { name: "new", description: "Start over" },
  ]);
  const ada = discord.addPerson({ name: "Ada" });
  return { client, ada, room: discord.privateRoom(ada) };
}

function nextTyping(client: Client): Promise<AutocompleteInteraction> {
  return new Promise((resolve, reject) => {
    client.once(Events.InteractionCreate, (interaction) => {
      if (interaction.isAutocomplete()) resolve(interaction);
      else reject(new Error("no autocompletion"));
    });
  });
}

test("a person is offered what the bot answers", async () => {
  const discord = await emulator();
  const { client, ada, room } = await offering(discord);
  const heard = nextTyping(client);
  const offered = discord.typeCommand(ada, room, "ask", "wh");
  const typing = await heard;
  expect([typing.commandName, typing.options.getFocused(true)]).toMatchObject([
    "ask",
    { name: "question", value: "wh" },
  ]);
  await typing.respond([{ name: "Why?", value: "why" }]);
  expect(await offered).toEqual([{ name: "Why?", value: "why" }]);
  expect(discord.messages(room)).toEqual([]);
});

test.for([
  ["too many choices", Array(26).fill({ name: "a", value: "a" })],
  ["a choice without a name", [{ name: "", value: "a" }]],
  ["a name that is too long", [{ name: "a".repeat(101), value: "a" }]],
  ["a value that is too long", [{ name: "a", value: "a".repeat(101) }]],
] as const)("%s are refused, and the person still waits", async ([, choices]) => {
  const discord = await emulator();
  const { client, ada, room } = await offering(discord);
  const heard = nextTyping(client);
  const offered = discord.typeCommand(ada, room, "ask", "");
  const typing = await heard;
  const answer = (body: object) =>
    call(discord, `POST /interactions/${typing.id}/${typing.token}/callback`, body, null);
  expect(await answer({ type: 8, data: { choices } })).toMatchObject({ status: 400, body: { code: 50_035 } });
  expect(await answer({ type: 4, data: { content: "x" } })).toMatchObject({ status: 400, body: { code: 50_035 } });
  expect((await answer({ type: 8, data: { choices: [] } })).status).toBe(204);
  expect(await offered).toEqual([]);
  const followUp = await call(discord, `POST /webhooks/${discord.botId}/${typing.token}`, { content: "x" }, null);
  expect(followUp.body.code).toBe(10_015);
});

test("an answer after three seconds is too late", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const { client, ada, room } = await offering(discord);
  const heard = nextTyping(client);
  const offered = discord.typeCommand(ada, room, "ask", "");
  const typing = await heard;
  clock.advance(3_000);
  await expect(offered).rejects.toThrow("not answered within 3 s");
  await expect(typing.respond([])).rejects.toThrow("Unknown interaction");
});

test("only a command that asks for choices has some", async () => {
  const discord = await emulator();
  const { ada, room } = await offering(discord);
  await expect(discord.typeCommand(ada, room, "new", "x")).rejects.toThrow("/new offers no choices.");
  await expect(discord.typeCommand(ada, room, "stop", "x")).rejects.toThrow("The bot offers no /stop");
});

test.for([
  ["a name with spaces", { ...question, name: "my question" }, "name"],
  ["no description", { ...question, description: "" }, "description"],
] as const)("a command's option is refused with %s", async ([, option, field]) => {
  const discord = await emulator();
  const { body } = await call(discord, `PUT /applications/${discord.botId}/commands`, [
    { name: "ask", description: "Ask", options: [option] },
  ]);
  expect(body.errors).toMatchObject({ 0: { options: { 0: { [field]: { _errors: [{}] } } } } });
});
