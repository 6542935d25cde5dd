import type { Message, MessageEntity, Update, User } from "grammy/types";
import { describe, expect, it } from "vitest";
import { toInboundEvent } from "../../../../adapters/telegram/inbound.ts";
import type { MessageEvent } from "../../../../src/adapter.ts";

const bot: User = { id: 700, is_bot: true, first_name: "Weather", username: "Weather_Bot" };
const person: User = { id: 42, is_bot: false, first_name: "Ada", last_name: "Lovelace", language_code: "zh-hans" };
const privateChat = { id: 42, type: "private", first_name: "Ada" } as const;
const group = { id: -1_001_234_567_890, type: "supergroup", title: "Walks" } as const;

function update(message: object): Update {
  return {
    update_id: 9,
    message: { message_id: 5, date: 1_700_000_000, from: person, chat: privateChat, ...message } as Message &
      Update.NonChannel,
  };
}

/** Of what has no time of its own. */
const now = 1_700_000_500_000;

function event(message: object) {
  return toInboundEvent([update(message)], bot, now);
}

/** Marks every occurrence of `parts` in `text` as an entity of the type. */
function marked(text: string, type: "mention" | "bot_command", ...parts: string[]) {
  const entities: MessageEntity[] = parts.map((part) => ({ type, offset: text.indexOf(part), length: part.length }));
  return { text, entities };
}

describe("a message in a private chat", () => {
  it("is an addressed event that tells everything about where it came from", () => {
    expect(event({ text: "hello" })).toEqual({
      type: "message",
      id: "700:42:5",
      platform: "telegram",
      sentAt: 1_700_000_000_000,
      author: { id: "42", name: "Ada Lovelace", locale: "zh-hans", automated: false },
      chat: { key: "42", kind: "private" },
      target: {
        budget: "telegram:42",
        rate: [
          { count: 3, perMs: 1000 },
          { count: 60, perMs: 60_000 },
        ],
        address: { chat: 42, replyTo: 5 },
      },
      text: "hello",
      attachments: [],
      addressed: true,
    });
  });

  it("has the same id whatever update brings it, and another one for another bot", () => {
    const idOf = (update_id: number, me: User) =>
      (toInboundEvent([{ ...update({ text: "a" }), update_id }], me, now) as MessageEvent).id;
    expect(idOf(2, bot)).toBe(idOf(1, bot));
    expect(idOf(1, { ...bot, id: 701 })).not.toBe(idOf(1, bot));
  });

  it("keeps a mention of the bot as it was written", () => {
    expect(event(marked("ask @weather_bot", "mention", "@weather_bot"))).toMatchObject({ text: "ask @weather_bot" });
  });

  it("is a chat of its own in each of its topics", () => {
    expect(event({ text: "a", is_topic_message: true, message_thread_id: 3 })).toMatchObject({
      chat: { key: "42/3", kind: "private" },
      target: { budget: "telegram:42", address: { chat: 42, thread: 3, replyTo: 5 } },
    });
  });
});

describe("a message in a group", () => {
  it("carries the group's title and the tighter limit, which all topics share", () => {
    expect(event({ chat: group, text: "a", is_topic_message: true, message_thread_id: 8 })).toMatchObject({
      addressed: false,
      chat: { key: "-1001234567890/8", kind: "group", title: "Walks" },
      target: {
        budget: "telegram:-1001234567890",
        rate: [
          { count: 3, perMs: 1000 },
          { count: 20, perMs: 60_000 },
        ],
      },
    });
  });

  it("belongs to the group itself when its thread is only a chain of replies", () => {
    expect(event({ chat: group, text: "a", message_thread_id: 8 })).toMatchObject({
      chat: { key: "-1001234567890" },
      target: { address: { chat: group.id, replyTo: 5 } },
    });
  });

  it.each([
    ["@weather_bot will it rain?", "will it rain?"],
    ["@WEATHER_BOT, will it rain?", "will it rain?"],
    ["@weather_bot：会下雨吗？", "会下雨吗？"],
    ["will it rain @weather_bot", "will it rain"],
    ["will it rain, @weather_bot?", "will it rain?"],
    ["thanks, @weather_bot", "thanks"],
    ["你好，@weather_bot请问", "你好，请问"],
    ["hi @weather_bot, will it rain?", "hi, will it rain?"],
    ["ask @weather_bot about rain", "ask about rain"],
    ["Hi all\n@weather_bot, will it\nrain?", "Hi all\nwill it\nrain?"],
    ["😀 @weather_bot 😀", "😀 😀"],
    ["@weather_bot", ""],
  ])("is addressed by a mention, which leaves the text: %j", (text, expected) => {
    const mention = /@weather_bot/i.exec(text)?.[0] ?? "";
    expect(event({ chat: group, ...marked(text, "mention", mention) })).toMatchObject({
      addressed: true,
      text: expected,
    });
  });

  it("loses every mention of the bot and no other", () => {
    const text = "@weather_bot tell @ada what @Weather_Bot knows";
    expect(event({ chat: group, ...marked(text, "mention", "@weather_bot", "@ada", "@Weather_Bot") })).toMatchObject({
      addressed: true,
      text: "tell @ada what knows",
    });
  });

  it("is addressed by a mention in the caption of a file", () => {
    const { text, entities } = marked("@weather_bot what is this?", "mention", "@weather_bot");
    const photo = [{ file_id: "p", file_unique_id: "u", width: 1, height: 1 }];
    expect(event({ chat: group, photo, caption: text, caption_entities: entities })).toMatchObject({
      addressed: true,
      text: "what is this?",
    });
  });

  it("is addressed by a mention without a name", () => {
    const entities = [{ type: "text_mention", offset: 0, length: 7, user: bot }];
    expect(event({ chat: group, text: "Weather, hi", entities })).toMatchObject({ addressed: true, text: "hi" });
  });

  it.each<[string, boolean, object]>([
    ["by a reply to the bot", true, { reply_to_message: { message_id: 4, from: bot, text: "x" } }],
    ["not by a reply to a person", false, { reply_to_message: { message_id: 4, from: person, text: "x" } }],
    [
      "not by being in a topic that the bot opened",
      false,
      { reply_to_message: { from: bot, forum_topic_created: {} } },
    ],
    ["not by a mention of somebody else", false, marked("a @ada", "mention", "@ada")],
    ["not by the bot's name without a mention", false, { text: "a @weather_bot" }],
  ])("is addressed %s", (_, addressed, message) => {
    expect(event({ chat: group, text: "a", ...message })).toMatchObject({ addressed });
  });
});

describe("a command", () => {
  it.each([
    ["/new", "new", ""],
    ["/New", "new", ""],
    ["/new@weather_bot", "new", ""],
    ["/ask@Weather_Bot  what is\nup? ", "ask", "what is\nup?"],
    ["/whatever x", "whatever", "x"],
  ])("is %j in any chat", (text, name, argument) => {
    const command = text.split(/\s/)[0] ?? "";
    for (const chat of [privateChat, group]) {
      expect(event({ chat, ...marked(text, "bot_command", command) })).toMatchObject({
        type: "command",
        name,
        argument,
      });
    }
  });

  it("for another bot is nothing", () => {
    expect(event({ chat: group, ...marked("/new@other_bot", "bot_command", "/new@other_bot") })).toBeUndefined();
  });

  it("is none when it does not stand first", () => {
    expect(event(marked("try /new", "bot_command", "/new"))).toMatchObject({ type: "message", text: "try /new" });
  });
});

describe("an author", () => {
  it.each([
    ["a person", false, {}],
    ["another bot", true, { from: { ...person, is_bot: true } }],
    ["an anonymous administrator", true, { sender_chat: group }],
    ["the linked channel", true, { sender_chat: { id: -1, type: "channel" }, is_automatic_forward: true }],
  ])("is automated or not: %s", (_, automated, message) => {
    expect(event({ chat: group, text: "a", ...message })).toMatchObject({ author: { automated } });
  });
});

describe("nothing is made of", () => {
  it.each<[string, object]>([
    ["the bot's own message", { from: bot, text: "a" }],
    ["a message without a sender", { from: undefined, text: "a" }],
    ["a message that only one member sees", { message_id: 0, text: "a" }],
    ["a service message", { new_chat_title: "b" }],
    ["a sticker", { sticker: { file_id: "s" } }],
    ["a poll", { poll: { id: "1" } }],
  ])("%s", (_, message) => {
    expect(event(message)).toBeUndefined();
  });

  it("an update that holds no message", () => {
    expect(toInboundEvent([{ update_id: 1 }], bot, now)).toBeUndefined();
  });
});

describe("an edit", () => {
  const edited = (message: object) => {
    const { message: whole, ...rest } = update(message);
    const edited_message = whole as Message & Update.NonChannel & Update.Edited;
    return toInboundEvent([{ ...rest, edited_message }], bot, now);
  };

  it("has the id of the message and its new text", () => {
    const { id } = event({ text: "before" }) as MessageEvent;
    expect(edited({ text: " after " })).toEqual({ type: "edited", platform: "telegram", messageId: id, text: "after" });
  });

  it.each<[string, object, string]>([
    ["without the mention", marked("@weather_bot and now?", "mention", "@weather_bot"), "and now?"],
    ["of a caption", { document: { file_id: "f" }, caption: "a new one" }, "a new one"],
    ["that was taken away", { document: { file_id: "f" } }, ""],
    [
      "of a command, as it was typed",
      marked("/new@weather_bot x", "bot_command", "/new@weather_bot"),
      "/new@weather_bot x",
    ],
  ])("tells the text %s", (_, message, text) => {
    expect(edited({ chat: group, ...message })).toMatchObject({ type: "edited", text });
  });

  it("of the bot's own message, or of one without text, is nothing", () => {
    expect(edited({ from: bot, text: "a" })).toBeUndefined();
    expect(edited({ location: { latitude: 1, longitude: 2 } })).toBeUndefined();
  });
});

describe("a group that becomes a supergroup", () => {
  const moved = { type: "moved", platform: "telegram", from: "-4500", to: "-1001234567890" };

  it("is told of in the old chat and in the new one", () => {
    const old = { id: -4500, type: "group", title: "Walks" };
    expect(event({ chat: old, migrate_to_chat_id: group.id })).toEqual(moved);
    expect(event({ chat: group, migrate_from_chat_id: -4500 })).toEqual(moved);
  });

  it("is told of also by the bot itself", () => {
    expect(event({ from: bot, chat: group, migrate_from_chat_id: -4500 })).toEqual(moved);
  });
});

describe("an attachment", () => {
  const file = { file_id: "f", file_unique_id: "u", file_size: 9 };
  const address = { fileId: "f" };

  it.each<[string, object, object]>([
    [
      "the largest photo",
      { photo: [{ ...file, file_id: "small" }, file] },
      { kind: "image", name: "photo.jpg", mimeType: "image/jpeg", size: 9, address },
    ],
    [
      "a document",
      { document: { ...file, file_name: "a.pdf", mime_type: "application/pdf" } },
      { kind: "file", name: "a.pdf", mimeType: "application/pdf", size: 9, address },
    ],
    [
      "a picture sent as a document",
      { document: { ...file, file_name: "a.png", mime_type: "image/png" } },
      { kind: "image", name: "a.png", mimeType: "image/png", size: 9, address },
    ],
    ["a document that tells nothing", { document: { file_id: "f" } }, { kind: "file", name: "file", address }],
    [
      "a voice message",
      { voice: file },
      { kind: "audio", isVoice: true, name: "voice.ogg", mimeType: "audio/ogg", size: 9, address },
    ],
    [
      "music",
      { audio: { ...file, mime_type: "audio/flac", file_name: "a.flac" } },
      { kind: "audio", name: "a.flac", mimeType: "audio/flac", size: 9, address },
    ],
    ["a video", { video: file }, { kind: "video", name: "video.mp4", size: 9, address }],
    [
      "a video note",
      { video_note: file },
      { kind: "video", name: "video-note.mp4", mimeType: "video/mp4", size: 9, address },
    ],
    [
      "an animation, once",
      { animation: { ...file, mime_type: "video/mp4" }, document: { ...file, mime_type: "video/mp4" } },
      { kind: "video", name: "file", mimeType: "video/mp4", size: 9, address },
    ],
  ])("is made of %s", (_, message, attachment) => {
    expect(event(message)).toMatchObject({ type: "message", text: "", attachments: [attachment] });
  });

  it("is a voice message only as one", () => {
    const spoken = [{ voice: file }, { audio: file }, { video_note: file }].map((message) => event(message));
    expect(spoken.map((said) => (said as MessageEvent).attachments[0]?.isVoice)).toEqual([true, undefined, undefined]);
  });

  it.each<[string, object]>([
    ["here", { reply_to_message: { message_id: 4, photo: [{ ...file, file_id: "old" }] } }],
    ["in another chat", { external_reply: { origin: {}, photo: [{ ...file, file_id: "old" }] } }],
  ])("of the message that is answered %s comes after the own one", (_, answered) => {
    const old = { kind: "image", isQuoted: true, name: "photo.jpg", size: 9, address: { fileId: "old" } };
    expect(event({ text: "in colour", ...answered })).toMatchObject({ text: "in colour", attachments: [old] });
    const { attachments } = event({ document: file, ...answered }) as MessageEvent;
    expect(attachments).toMatchObject([{ address }, old]);
    expect(attachments[0]).not.toHaveProperty("isQuoted");
  });

  it.each<[string, object, readonly string[]]>([
    ["of the bot itself is none: it has just said that", { from: bot, voice: file }, []],
    ["of somebody else is one", { from: { ...person, id: 43 }, voice: file }, ["audio"]],
    ["is a picture of the bot as well as of others", { from: bot, photo: [file] }, ["image"]],
  ])("in a voice message that is answered, %s", (_, answered, kinds) => {
    const { attachments } = event({ text: "louder", reply_to_message: { message_id: 4, ...answered } }) as MessageEvent;
    expect(attachments.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("of the message that is answered makes no message of a sticker, and leaves a command one", () => {
    const reply_to_message = { message_id: 4, document: file };
    expect(event({ sticker: { file_id: "s" }, reply_to_message })).toBeUndefined();
    expect(event({ ...marked("/new", "bot_command", "/new"), reply_to_message })).toMatchObject({ type: "command" });
  });

  it("has its caption as the text", () => {
    expect(event({ document: file, caption: "/new look" })).toMatchObject({ type: "message", text: "/new look" });
  });

  it("survives JSON, as the event around it does", () => {
    const whole = event({ voice: file, caption: "a" });
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });
});
