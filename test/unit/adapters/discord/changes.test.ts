import { describe, expect, it } from "vitest";
import { message } from "./bridge-side.ts";
import { type Chat, chat } from "./chat.ts";

/** What the bot says is heard, too. */
async function said({ discord, bridge, person, room }: Chat, text: string) {
  const shown = discord.say(person, room, text);
  await bridge.received(2);
  return shown;
}

describe("a message that a person changes", () => {
  it("arrives with its new text, without the mention", async () => {
    const c = await chat();
    const room = c.discord.addGroup("general", [c.person]);
    const helo = await said({ ...c, room }, `<@${c.discord.botId}> helo`);
    c.discord.editMessage(c.person, helo, `<@${c.discord.botId}> hello`);
    expect(await c.bridge.changed(1)).toEqual([
      { type: "edited", platform: "discord", messageId: helo.id, text: "hello" },
    ]);
  });

  it("arrives, and the bot's own changes don't", async () => {
    const c = await chat();
    const ref = await c.bridge.adapter.post(c.target, message("half"));
    await c.bridge.adapter.edit(ref, message("whole"));
    const helo = await said(c, "helo");
    c.discord.editMessage(c.person, helo, "hello");
    expect(await c.bridge.changed(1)).toMatchObject([{ messageId: helo.id }]);
  });
});

describe("messages that are gone", () => {
  it("arrive one by one, also when they went all at once", async () => {
    const c = await chat();
    const room = c.discord.addGroup("general", [c.person]);
    const [first, ...others] = ["one", "two", "three"].map((text) => c.discord.say(c.person, room, text));
    if (!first) throw new Error("nothing was said");
    c.discord.deleteMessage(c.person, first);
    c.discord.deleteMessages(others);
    const gone = [first, ...others].map(({ id }) => ({ type: "deleted", platform: "discord", messageId: id }));
    expect(await c.bridge.changed(3)).toEqual(gone);
  });

  it("are offered again when that could not be stored", async () => {
    const c = await chat();
    const oops = await said(c, "oops");
    c.bridge.refuse(1);
    c.discord.deleteMessage(c.person, oops);
    expect(await c.bridge.changed(1)).toMatchObject([{ type: "deleted", messageId: oops.id }]);
  });
});
