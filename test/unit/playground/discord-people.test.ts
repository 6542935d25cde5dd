import { expect, test } from "vitest";
import type { DiscordEmulator, DiscordMessage } from "../../../src/playground/discord/index.ts";
import { call, emulator, manualClock } from "./discord-fixture.ts";

test.for([
  ["nothing allowed is named", { parse: [] }, []],
  ["nothing is said about it", undefined, ["Ada", "Ben", "Cleo"]],
  ["users are allowed", { parse: ["users"] }, ["Ada"]],
  ["one user is allowed", { users: ["BEN"] }, []],
  ["everyone is allowed", { parse: ["everyone"] }, ["Ada", "Ben", "Cleo"]],
] as const)("@everyone and a mention of Ada ping, when %s: %o", async ([, allowed, pinged]) => {
  const discord = await emulator();
  const people = ["Ada", "Ben", "Cleo"].map((name) => discord.addPerson({ name }));
  const group = discord.addGroup("lounge", people);
  const allowedMentions = JSON.parse(JSON.stringify(allowed ?? null).replace("BEN", people[1]?.id ?? ""));
  await post(discord, group.id, {
    content: `@everyone <@${people[0]?.id}>`,
    ...(allowedMentions ? { allowed_mentions: allowedMentions } : {}),
  });
  expect(pings(discord.botMessages(group)[0])).toEqual(pinged);
});

test("an edit without allowed_mentions pings, however the message was sent", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const group = discord.addGroup("lounge", [ada]);
  const content = `<@${ada.id}> hi`;
  const { body } = await post(discord, group.id, { content, allowed_mentions: { parse: [] } });
  expect(body.mentions).toEqual([]);
  const path = `/channels/${group.id}/messages/${body.id}`;
  await call(discord, `PATCH ${path}`, { content: `${content}!`, allowed_mentions: { parse: [] } });
  expect(pings(discord.botMessages(group)[0])).toEqual([]);
  const edited = await call(discord, `PATCH ${path}`, { content: `${content}!!` });
  expect(edited.body.mentions).toMatchObject([{ id: ada.id }]);
  expect(pings(discord.botMessages(group)[0])).toEqual(["Ada"]);
});

test("a reply pings its author unless allowed_mentions leaves replied_user out", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const group = discord.addGroup("lounge", [ada]);
  const said = discord.say(ada, group, "hi");
  const reply = { content: "re", message_reference: { message_id: said.id } };
  await post(discord, group.id, reply);
  await post(discord, group.id, { ...reply, allowed_mentions: { parse: [] } });
  await post(discord, group.id, { ...reply, allowed_mentions: { parse: [], replied_user: true } });
  expect(discord.botMessages(group).map(pings)).toEqual([["Ada"], [], ["Ada"]]);
});

test("code, strangers and the author are not pinged; @everyone means nothing in private", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const stranger = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  await post(discord, group.id, { content: `\`<@${ada.id}>\` <@${stranger.id}> <@${discord.botId}>` });
  await post(discord, group.id, { content: `\`\`\`\n<@${ada.id}>\n\`\`\`` });
  const room = discord.privateRoom(ada);
  await post(discord, room.id, { content: "@everyone" });
  expect([...discord.botMessages(group), ...discord.botMessages(room)].map(pings)).toEqual([[], [], []]);
});

test("allowed_mentions that contradict themselves are refused", async () => {
  const discord = await emulator();
  const room = discord.privateRoom(discord.addPerson());
  const both = await post(discord, room.id, { content: "x", allowed_mentions: { parse: ["users"], users: ["1"] } });
  const exclusive = {
    code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    message: 'parse:["users"] and users: [ids...] are mutually exclusive.',
  };
  expect(both.body.errors).toEqual({ allowed_mentions: { _errors: [exclusive] } });
  const unknown = await post(discord, room.id, { content: "x", allowed_mentions: { parse: ["me"] } });
  expect(unknown.body.errors).toMatchObject({
    allowed_mentions: { parse: { "0": { _errors: [{ code: "BASE_TYPE_CHOICES" }] } } },
  });
});

test("every version is kept with its time, and an identical edit is none", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const room = discord.privateRoom(discord.addPerson());
  const started = clock.now();
  const { body } = await post(discord, room.id, { content: "a" });
  for (const content of ["ab", "ab", "abc"]) {
    clock.advance(1_000);
    await call(discord, `PATCH /channels/${room.id}/messages/${body.id}`, { content });
  }
  expect(discord.botMessages(room)[0]?.revisions).toEqual([
    { at: started, text: "a", entities: [] },
    { at: started + 1_000, text: "ab", entities: [] },
    { at: started + 3_000, text: "abc", entities: [] },
  ]);
});

test("typing ends after ten seconds, and whoever waits for that learns of it", async () => {
  const clock = manualClock();
  const discord = await emulator({ clock });
  const room = discord.privateRoom(discord.addPerson());
  await call(discord, `POST /channels/${room.id}/typing`);
  clock.advance(9_999);
  expect(discord.isTyping(room)).toBe(true);
  const ended = discord.until("the end of typing", () => !discord.isTyping(room));
  clock.advance(1);
  await ended;
});

test("people do only what Discord's client lets them do", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const ben = discord.addPerson({ name: "Ben" });
  const group = discord.addGroup("lounge", [ada]);
  const room = discord.privateRoom(ada);
  await post(discord, room.id, { content: "from the bot" });
  const [ofBot] = discord.botMessages(room);
  if (!ofBot) throw new Error("no message");
  expect(() => discord.say(ben, group, "hi")).toThrow('Ben is not in "lounge".');
  expect(() => discord.say(ben, room, "hi")).toThrow('Ben is not in "Ada".');
  expect(() => discord.say(ada, room, "  ")).toThrow("sends no empty message");
  expect(() => discord.editMessage(ada, ofBot, "x")).toThrow("Ada did not write this message.");
  expect(() => discord.deleteMessage(ada, ofBot)).toThrow("can't delete what others wrote");
  expect(() => discord.addThread(room, "x")).toThrow("can't have threads");
  expect(() => discord.archiveThread(group, { locked: false })).toThrow("is no thread");
  expect(() => discord.deleteRoom(room)).toThrow("is no channel of a server");
  expect(() => discord.deleteMessages([ofBot])).toThrow("Only messages of one channel of a server");
});

test("a channel that was deleted is gone with its threads, and what was said there is remembered", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const group = discord.addGroup("lounge", [ada]);
  const thread = discord.addThread(group, "plans");
  const other = discord.addThread(group, "food");
  discord.say(ada, thread, "hi");
  discord.deleteRoom(other);
  expect(await codes(discord, [group.id, thread.id, other.id])).toEqual([undefined, undefined, 10003]);
  discord.deleteRoom(group);
  expect(await codes(discord, [group.id, thread.id, other.id])).toEqual([10003, 10003, 10003]);
  expect(discord.messages(thread)).toMatchObject([{ text: "hi" }]);
  expect(() => discord.say(ada, thread, "still here?")).toThrow('"plans" was deleted.');
});

async function codes(discord: DiscordEmulator, channelIds: readonly string[]): Promise<readonly unknown[]> {
  const answers = channelIds.map((id) => call(discord, `GET /channels/${id}/messages`));
  return (await Promise.all(answers)).map(({ body }) => body.code);
}

test("a wait that fails tells what it waited for and what was said", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  discord.say(ada, discord.privateRoom(ada), "anyone?");
  const waiting = discord.until("an answer", () => undefined, 20);
  await expect(waiting).rejects.toThrow(/20 ms went by while waiting for: an answer\n\[private: Ada\]\nAda: anyone\?/);
  const closed = discord.until("the end", () => undefined);
  await Promise.all([expect(closed).rejects.toThrow("The emulator was closed"), discord.close()]);
});

test("a wait whose condition throws fails with that error", async () => {
  const discord = await emulator();
  const broken = discord.until("trouble", () => {
    throw new Error("broken condition");
  });
  await expect(broken).rejects.toThrow("broken condition");
});

function post(discord: DiscordEmulator, channelId: string, body: object) {
  return call(discord, `POST /channels/${channelId}/messages`, body);
}

function pings(message: DiscordMessage | undefined): readonly string[] {
  return message?.pings.map((person) => person.name) ?? [];
}
