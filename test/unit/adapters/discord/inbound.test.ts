import { type GatewayMessageCreateDispatchData, MessageType } from "discord.js";
import { describe, expect, it } from "vitest";
import { chatOf, type Directory, toEditedEvent, toMessageEvent } from "../../../../adapters/discord/inbound.ts";

const bot = { id: "100", username: "bridge", discriminator: "0000", global_name: null, avatar: null, bot: true };
const ann = { id: "200", username: "ann", discriminator: "0000", global_name: "Ann", avatar: null };
const ben = { id: "300", username: "ben", discriminator: "0000", global_name: null, avatar: null };

const directory: Directory = {
  botId: bot.id,
  channelName: (id) => ({ "10": "general" })[id],
  isThread: (id) => id === "12",
  roleName: (id) => ({ "40": "Cooks", "41": "bridge" })[id],
  isBotRole: (id) => id === "41",
};

/** A MESSAGE_CREATE as in Discord's documentation, in a server unless `guild_id` is taken away. */
function message(fields: Record<string, unknown> = {}): GatewayMessageCreateDispatchData {
  const data = {
    id: "1",
    channel_id: "10",
    guild_id: "20",
    author: ann,
    content: "hello",
    timestamp: "2026-11-20T12:00:00.000000+00:00",
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    pinned: false,
    type: MessageType.Default,
    ...fields,
  };
  return data as unknown as GatewayMessageCreateDispatchData;
}

function read(fields: Record<string, unknown> = {}) {
  const data = message(fields);
  const event = toMessageEvent(data, chatOf(data, directory), directory);
  if (!event) throw new Error("The message was left out.");
  return event;
}

const privately = { guild_id: undefined, channel_id: "11" };

it("reads a message of a server", () => {
  expect(read()).toEqual({
    type: "message",
    id: "1",
    platform: "discord",
    sentAt: Date.UTC(2026, 10, 20, 12),
    author: { id: "200", name: "Ann", automated: false },
    chat: { key: "10", kind: "group", title: "general" },
    target: {
      budget: "discord:10",
      rate: [{ count: 5, perMs: 5_000 }],
      address: { kind: "channel", channel: "10", replyTo: "1" },
    },
    text: "hello",
    attachments: [],
    addressed: false,
  });
});

it("reads a private message as addressed, without a title", () => {
  const event = read(privately);
  expect(event.chat).toEqual({ key: "11", kind: "private" });
  expect(event.addressed).toBe(true);
});

it("prefers the name that the person has in the server", () => {
  expect(read({ member: { nick: "Annie" } }).author.name).toBe("Annie");
  expect(read({ author: ben }).author.name).toBe("ben");
});

describe("is addressed", () => {
  it.each([
    ["by a mention", { content: "<@100> hi", mentions: [bot] }, true],
    ["by a reply without a ping", { type: MessageType.Reply, referenced_message: message({ author: bot }) }, true],
    ["by a mention of the bot's own role", { content: "<@&41> hi", mention_roles: ["41"] }, true],
    ["not by a reply to another", { type: MessageType.Reply, referenced_message: message() }, false],
    ["not by a reply to what was deleted", { type: MessageType.Reply, referenced_message: null }, false],
    ["not by a mention of another", { content: "<@300> hi", mentions: [ben] }, false],
    ["not by another role", { content: "<@&40> hi", mention_roles: ["40"] }, false],
    ["not by @everyone", { content: "@everyone hi", mention_everyone: true }, false],
  ])("%s", (_, fields, addressed) => expect(read(fields).addressed).toBe(addressed));
});

describe("leaves out", () => {
  it.each([
    ["joins", MessageType.UserJoin],
    ["a thread's opening", MessageType.ThreadStarterMessage],
    ["a thread's announcement", MessageType.ThreadCreated],
    ["pins", MessageType.ChannelPinnedMessage],
    ["answers to commands", MessageType.ChatInputCommand],
  ])("%s", (_, type) => {
    const data = message({ type });
    expect(toMessageEvent(data, chatOf(data, directory), directory)).toBeUndefined();
  });
});

describe("marks as automated", () => {
  it.each([
    ["itself", { author: { ...bot, bot: undefined } }],
    ["other bots", { author: { ...ann, bot: true } }],
    ["webhooks", { author: { ...ann, bot: false }, webhook_id: "7" }],
    ["Discord's own account", { author: { ...ann, bot: false, system: true } }],
  ])("%s", (_, fields) => expect(read(fields).author.automated).toBe(true));
});

describe("reads the text as people see it", () => {
  it.each([
    ["<@100> hi", "hi"],
    ["<@!100>   hi", "hi"],
    ["hi <@100>", "hi"],
    ["hi <@100>, you", "hi, you"],
    ["hi <@100> you", "hi you"],
    ["a\n<@100> b", "a\nb"],
    ["<@&41> hi", "hi"],
    ["<@100>", ""],
    ["ask <@300> and <@200>", "ask @ben and @Ann"],
    ["ask <@999>", "ask <@999>"],
    ["in <#10> not <#99>", "in #general not <#99>"],
    ["dear <@&40>", "dear @Cooks"],
    ["<:wave:5> <a:dance:6>", ":wave: :dance:"],
    ["try </new chat:7>", "try /new chat"],
    ["at <t:1700000000:R>", "at 2023-11-14 22:13 UTC"],
    ["2 < 3 > 1", "2 < 3 > 1"],
  ])("%j", (content, text) => {
    const mention_roles = ["40", "41"].filter((id) => content.includes(`<@&${id}>`));
    expect(read({ content, mentions: [bot, ann, ben], mention_roles }).text).toBe(text);
  });
});

describe("reads attachments", () => {
  it.each([
    ["image/png", "image"],
    ["audio/ogg", "audio"],
    ["video/mp4", "video"],
    ["application/pdf", "file"],
    [undefined, "file"],
  ])("%s", (content_type, kind) => {
    const url = "https://cdn.discordapp.com/attachments/1/2/a?ex=1";
    const [attachment] = read({
      attachments: [{ id: "9", filename: "a", size: 3, url, proxy_url: url, content_type }],
    }).attachments;
    expect(attachment).toEqual({
      kind,
      name: "a",
      size: 3,
      address: { url },
      ...(content_type && { mimeType: content_type }),
    });
  });

  it.each([
    ["a.png", undefined, "a.png"],
    ["1.csv", "表 1", "表 1.csv"],
    ["1.csv", "表 1.csv", "表 1.csv"],
    ["unknown", "表", "表"],
  ])("by the name %s with the title %s", (filename, title, name) => {
    const [attachment] = read({
      attachments: [{ id: "9", filename, title, size: 3, url: "", proxy_url: "" }],
    }).attachments;
    expect(attachment?.name).toBe(name);
  });

  it("without the parameters of their type", () => {
    const [attachment] = read({
      attachments: [
        { id: "9", filename: "a", size: 3, url: "", proxy_url: "", content_type: "text/plain; charset=utf-8" },
      ],
    }).attachments;
    expect(attachment?.mimeType).toBe("text/plain");
  });
});

describe("reads a forwarded message", () => {
  const file = { id: "9", filename: "a.ogg", size: 3, url: "https://a.b", proxy_url: "", content_type: "audio/ogg" };
  const snapshot = { content: "ask <@300>", mentions: [ben], mention_roles: [], attachments: [file], flags: 8_192 };
  const forwarded = { content: "", flags: 16_384, message_snapshots: [{ message: snapshot }] };

  it("as if the person had written it", () => {
    expect(read({ ...privately, ...forwarded })).toMatchObject({
      text: "ask @ben",
      attachments: [{ kind: "audio", isVoice: true, name: "a.ogg" }],
    });
  });

  it("that is replied to", () => {
    const reply = { type: MessageType.Reply, referenced_message: message(forwarded) };
    expect(read(reply)).toMatchObject({ text: "hello", attachments: [{ name: "a.ogg", isQuoted: true }] });
  });

  it("without its files when the reply is to a message that is gone", () => {
    expect(read({ type: MessageType.Reply, referenced_message: null }).attachments).toEqual([]);
  });
});

describe("reads the files of the message that is replied to", () => {
  const file = { id: "9", filename: "a.ogg", size: 3, url: "https://a.b", proxy_url: "", content_type: "audio/ogg" };
  const voice = { attachments: [file], flags: 8_192 };
  const ofReply = (answered: object, own: object = {}) =>
    read({ ...own, type: MessageType.Reply, referenced_message: message({ ...answered }) }).attachments;

  it("behind the own ones", () => {
    const attachments = ofReply(
      { author: ben, attachments: [file] },
      { attachments: [{ ...file, filename: "b.ogg" }] },
    );
    expect(attachments).toMatchObject([{ name: "b.ogg" }, { name: "a.ogg", isQuoted: true }]);
    expect(attachments[0]).not.toHaveProperty("isQuoted");
  });

  it.each<[string, object, number]>([
    ["without what the bot itself has just said", { author: bot, ...voice }, 0],
    ["with what somebody else said", { author: ben, ...voice }, 1],
    ["with what another bot said", { author: { ...ben, bot: true }, ...voice }, 1],
    ["with a file of the bot", { author: bot, attachments: [file] }, 1],
  ])("%s", (_, answered, count) => {
    expect(ofReply(answered)).toHaveLength(count);
  });
});

describe("reads what was changed", () => {
  const edited = { edited_timestamp: "2026-11-20T12:01:00.000000+00:00" };
  const file = { id: "9", filename: "a", size: 3, url: "https://a.b", proxy_url: "https://a.b" };

  it.each([
    ["a new text", { ...edited, content: "<@100> hello again", mentions: [bot] }, "hello again"],
    ["a text that is gone beside a file", { ...edited, content: "", attachments: [file] }, ""],
    ["no preview of a link", { embeds: [{ type: "link" }] }, undefined],
    ["no content that is withheld", { ...edited, content: "" }, undefined],
    ["no message of the bot", { ...edited, author: bot }, undefined],
    ["no message of another bot", { ...edited, author: { ...ann, bot: true } }, undefined],
    ["no pin", { ...edited, type: MessageType.ChannelPinnedMessage }, undefined],
  ])("%s", (_, fields, text) => {
    const event = text === undefined ? undefined : { type: "edited", platform: "discord", messageId: "1", text };
    expect(toEditedEvent(message(fields), directory)).toEqual(event);
  });
});
