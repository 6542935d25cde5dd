import {
  ChannelType,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  type Message,
  MessageFlags,
  type MessageReaction,
  Routes,
  type ThreadChannel,
} from "discord.js";
import { expect, test } from "vitest";
import type { DiscordEmulator } from "../../../src/playground/discord/index.ts";
import { discordJsClient, emulator, onlineClient } from "./discord-fixture.ts";

test("logs in with one REST call and knows its server, channel, thread and members", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const group = discord.addGroup("lounge", [ada]);
  const thread = discord.addThread(group, "plans");
  const client = await onlineClient(discord);
  expect(discord.calls.map((call) => call.method)).toEqual(["GET /gateway/bot"]);
  expect(client.user.id).toBe(discord.botId);
  const [guild] = client.guilds.cache.values();
  expect(guild?.available).toBe(true);
  expect(guild?.members.cache.has(ada.id)).toBe(true);
  expect(client.channels.cache.get(group.id)?.type).toBe(ChannelType.GuildText);
  const known = client.channels.cache.get(thread.id) as ThreadChannel;
  expect([known.type, known.parentId, known.guildId]).toEqual([ChannelType.PublicThread, group.id, guild?.id]);
});

test("hears a private message and answers it", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const heard = nextMessage(client);
  const said = discord.say(ada, room, "hello");
  const message = await heard;
  expect([message.content, message.guildId, message.author.id]).toEqual(["hello", null, ada.id]);
  const answer = await message.reply({ content: "hi Ada", allowedMentions: { parse: [] } });
  await answer.edit({ content: "hi Ada!", allowedMentions: { parse: [] } });
  const [shown] = discord.botMessages(room);
  expect(shown).toMatchObject({ author: "bot", text: "hi Ada!", replyToId: said.id, pings: [] });
  expect(shown?.revisions.map((revision) => revision.text)).toEqual(["hi Ada", "hi Ada!"]);
});

test("reads without the content intent only what is meant for the bot", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada" });
  const group = discord.addGroup("lounge", [ada]);
  const client = await onlineClient(discord);
  const own = await sendTo(client, group.id, "from the bot");
  const ofBot = await discord.until("the bot's message", () => discord.botMessages(group)[0]);
  const heard = collectMessages(client, discord, ada.id);
  discord.say(ada, group, "among ourselves");
  discord.say(ada, group, "a question", { mention: true });
  discord.say(ada, group, "a reply", { replyTo: ofBot });
  discord.say(ada, group, "a silent reply", { replyTo: ofBot, pingReplied: false });
  const contents = (await heard(4)).map((message) => message.content);
  expect(contents).toEqual(["", `<@${discord.botId}> a question`, "a reply", ""]);
  expect(own.content).toBe("from the bot");
});

test("reads everything with the content intent, when the portal grants it", async () => {
  const discord = await emulator({ messageContentIntent: true });
  const ada = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  const client = await onlineClient(discord, [GatewayIntentBits.MessageContent]);
  const heard = nextMessage(client);
  discord.say(ada, group, "among ourselves");
  expect((await heard).content).toBe("among ourselves");
});

test("is refused with 4014 when it asks for the content intent that nobody granted", async () => {
  const discord = await emulator();
  const client = discordJsClient(discord, [GatewayIntentBits.MessageContent]);
  await expect(client.login(discord.environment.DISCORD_TOKEN)).rejects.toThrow("Used disallowed intents");
});

test("is refused with a wrong token", async () => {
  const discord = await emulator();
  const client = discordJsClient(discord);
  await expect(client.login("MTAx.wrong.token")).rejects.toThrow("An invalid token was provided.");
  expect(discord.invalidRequests).toBe(1);
});

test("hears a mention in a thread that was opened while it was online", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  const client = await onlineClient(discord);
  const heard = nextMessage(client);
  const thread = discord.addThread(group, "plans");
  discord.say(ada, thread, "anyone?", { mention: true });
  const message = await heard;
  expect(message.channel.isThread()).toBe(true);
  expect(message.mentions.has(client.user)).toBe(true);
  await message.reply("here");
  expect(discord.botMessages(thread).map((shown) => shown.text)).toEqual(["here"]);
  expect(discord.messages(group)).toEqual([]);
});

test("joins a server while it is online, and is removed from it", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const client = await onlineClient(discord);
  const joined = new Promise((resolve) => client.once(Events.GuildCreate, resolve));
  const group = discord.addGroup("later", [ada]);
  await joined;
  const removed = new Promise((resolve) => client.once(Events.GuildDelete, resolve));
  discord.kickBot(group);
  await removed;
  await expect(sendTo(client, group.id, "still here?")).rejects.toThrow("Missing Access");
});

test("a slash command is deferred, filled in and followed up", async () => {
  const discord = await emulator();
  const ada = discord.addPerson({ name: "Ada", locale: "zh-CN" });
  const group = discord.addGroup("lounge", [ada]);
  const client = await onlineClient(discord);
  await register(client, discord);
  const given = nextCommand(client);
  discord.command(ada, group, "ask", "why?");
  const interaction = await given;
  expect([interaction.commandName, interaction.options.getString("question")]).toEqual(["ask", "why?"]);
  expect([interaction.locale, interaction.user.id, interaction.channelId]).toEqual(["zh-CN", ada.id, group.id]);
  await interaction.deferReply();
  expect(discord.botMessages(group)).toMatchObject([{ text: "", loading: true }]);
  await interaction.editReply("because");
  await interaction.followUp({ content: "only you", flags: MessageFlags.Ephemeral });
  const shown = discord.botMessages(group);
  expect(shown[0]).toMatchObject({ text: "because", loading: false });
  expect(shown[1]).toMatchObject({ text: "only you", onlyFor: ada, replyToId: shown[0]?.id });
  expect(discord.failedInteractions).toEqual([]);
});

test("a slash command works in a private chat and can be answered at once", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  await register(client, discord);
  const given = nextCommand(client);
  discord.command(ada, room, "new");
  const interaction = await given;
  expect([interaction.inGuild(), interaction.user.id, interaction.locale]).toEqual([false, ada.id, "en-US"]);
  const response = await interaction.reply({ content: "done", flags: MessageFlags.Ephemeral, withResponse: true });
  expect(response.resource?.message?.content).toBe("done");
  expect(discord.botMessages(room)).toMatchObject([{ text: "done", onlyFor: ada }]);
  await interaction.deleteReply();
  expect(discord.botMessages(room)).toEqual([]);
});

test("a button is pressed and changes its message", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const group = discord.addGroup("lounge", [ada]);
  const client = await onlineClient(discord);
  const button = { type: 2, style: 1, label: "Stop", custom_id: "stop" };
  const components = [{ type: 1, components: [button] }];
  await client.rest.post(Routes.channelMessages(group.id), { body: { content: "working", components } });
  const pressed = nextInteraction(client);
  const [shown] = discord.botMessages(group);
  if (!shown) throw new Error("no message");
  expect(() => discord.press(ada, shown, "Start")).toThrow('no button "Start"');
  expect(shown.buttons).toEqual([["Stop"]]);
  discord.press(ada, shown, "Stop");
  const interaction = await pressed;
  if (!interaction.isButton()) throw new Error("no button");
  expect(interaction.message.content).toBe("working");
  await interaction.update({ content: "stopped", components: [] });
  expect(discord.botMessages(group).map((message) => message.text)).toEqual(["stopped"]);
});

test("reactions, edits and deletions of people arrive", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const heard = nextMessage(client);
  const said = discord.say(ada, room, "helo");
  await heard;
  const edited = new Promise<Message>((resolve) => client.once(Events.MessageUpdate, (_, now) => resolve(now)));
  discord.editMessage(ada, said, "hello");
  expect((await edited).content).toBe("hello");
  const reacted = new Promise<MessageReaction>((resolve) => {
    client.once(Events.MessageReactionAdd, (reaction) => resolve(reaction as MessageReaction));
  });
  discord.react(ada, said, "👍");
  expect((await reacted).emoji.name).toBe("👍");
  const deleted = new Promise<string>((resolve) => client.once(Events.MessageDelete, (message) => resolve(message.id)));
  discord.deleteMessage(ada, said);
  expect(await deleted).toBe(said.id);
  expect(discord.messages(room)).toEqual([]);
});

test("another bot's message is marked as such", async () => {
  const discord = await emulator();
  const robot = discord.addPerson({ name: "Robo", bot: true });
  const group = discord.addGroup("lounge", [robot]);
  const client = await onlineClient(discord);
  const heard = nextMessage(client);
  discord.say(robot, group, "beep", { mention: true });
  const message = await heard;
  expect([message.author.bot, message.author.id]).toEqual([true, robot.id]);
});

test("reads history and opens a private chat by REST", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const said = ["one", "two", "three"].map((text) => discord.say(ada, room, text));
  const client = await onlineClient(discord);
  const user = await client.users.fetch(ada.id);
  const channel = await user.createDM();
  expect(channel.id).toBe(room.id);
  const history = await channel.messages.fetch({ after: said[0]?.id ?? "", limit: 5 });
  expect([...history.values()].map((message) => message.content)).toEqual(["three", "two"]);
  expect((await channel.messages.fetch(said[0]?.id ?? "")).content).toBe("one");
});

test("sends once what it sends twice with the same enforced nonce, and sees the rate limit's headers", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const client = await onlineClient(discord);
  const channel = await (await client.users.fetch(ada.id)).createDM();
  const remaining: (string | null)[] = [];
  client.rest.on("response", (_, response) => remaining.push(response.headers.get("x-ratelimit-remaining")));
  const first = await channel.send({ content: "once", nonce: "turn-1", enforceNonce: true });
  const second = await channel.send({ content: "once", nonce: "turn-1", enforceNonce: true });
  expect(second.id).toBe(first.id);
  expect(discord.botMessages(discord.privateRoom(ada))).toHaveLength(1);
  expect(remaining).toEqual(["4", "3"]);
});

test("sends files, and typing is shown until the message", async () => {
  const discord = await emulator();
  const ada = discord.addPerson();
  const room = discord.privateRoom(ada);
  const client = await onlineClient(discord);
  const channel = await (await client.users.fetch(ada.id)).createDM();
  await channel.sendTyping();
  expect(discord.isTyping(room)).toBe(true);
  await channel.send({ files: [{ attachment: Buffer.from("1,2"), name: "table.csv" }] });
  expect(discord.isTyping(room)).toBe(false);
  expect(discord.botMessages(room)).toMatchObject([
    { text: "", media: [{ name: "table.csv", bytes: Buffer.from("1,2") }] },
  ]);
});

function nextMessage(client: Client): Promise<Message> {
  return new Promise((resolve) => client.once(Events.MessageCreate, resolve));
}

/** Begins to listen at once; the returned function waits for so many messages of a person. */
function collectMessages(client: Client, discord: DiscordEmulator, personId: string) {
  const heard: Message[] = [];
  client.on(Events.MessageCreate, (message) => {
    if (message.author.id === personId) heard.push(message);
  });
  return async (count: number) => {
    while (heard.length < count) await new Promise((resolve) => client.once(Events.MessageCreate, resolve));
    expect(discord.gateway.connected).toBe(1);
    return heard;
  };
}

function nextInteraction(client: Client): Promise<Interaction> {
  return new Promise((resolve) => client.once(Events.InteractionCreate, resolve));
}

async function nextCommand(client: Client): Promise<ChatInputCommandInteraction> {
  const interaction = await nextInteraction(client);
  if (!interaction.isChatInputCommand()) throw new Error("not a slash command");
  return interaction;
}

async function register(client: Client<true>, discord: DiscordEmulator): Promise<void> {
  const question = { type: 3, name: "question", description: "What you ask", required: true };
  await client.application.commands.set([
    { name: "ask", description: "Ask", options: [question] },
    { name: "new", description: "Start over", descriptionLocalizations: { "zh-CN": "重新开始" } },
  ]);
  expect(discord.registeredCommands()).toEqual(["ask", "new"]);
}

async function sendTo(client: Client, channelId: string, content: string): Promise<Message> {
  const channel = await client.channels.fetch(channelId);
  if (!channel?.isSendable()) throw new Error("not sendable");
  return channel.send(content);
}
