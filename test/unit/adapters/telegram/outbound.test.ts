import { describe, expect, it } from "vitest";
import type { MessageEvent, MessageRef, Target } from "../../../../src/adapter.ts";
import type { Format } from "../../../../src/markdown/formatted-text.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import {
  badGateway,
  badGatewayPage,
  restarting,
  tokenRevoked,
  tooManyRequests,
  topicClosed,
  truncatedBody,
} from "../../../../src/playground/telegram/index.ts";
import { formatted } from "./formatted.ts";
import { callsOf, connect, failureOf, privateChat, text } from "./wire.ts";

describe("identify", () => {
  it("tells who the bot is before the adapter is started", async () => {
    const { adapter } = await connect();
    expect(await adapter.identify()).toEqual({ id: "7461203958", name: "@coze_playground_bot" });
  });

  it("is forbidden when the token is refused", async () => {
    const { adapter, telegram } = await connect();
    telegram.revokeToken();
    const error = await failureOf(adapter.identify());
    expect(error).toMatchObject({ code: "forbidden", status: 401 });
    expect(error.message).toContain("TELEGRAM_BOT_TOKEN");
  });
});

const links: [string, Format][] = [
  ["docs", { type: "link", url: "https://example.com/docs" }],
  ["mail", { type: "link", url: "mailto:a@example.com" }],
  ["call", { type: "link", url: "tel:+123" }],
];

describe("post and edit", () => {
  it("show formatted text without link previews, as a reply when asked for, and change it in place", async () => {
    const wire = await privateChat();
    const { adapter, telegram, room, said, target } = wire;
    const bold = { text: "Sunny 😀 day", ranges: [{ start: 6, end: 8, format: { type: "bold" as const } }] };
    const ref = await adapter.post(target, { text: bold, reply: true });
    await adapter.edit(ref, text("Rain *all* day"));

    const [message] = telegram.botMessages(room);
    expect(message).toMatchObject({ text: "Rain *all* day", replyToId: said.id });
    expect(message?.revisions).toMatchObject([
      { text: "Sunny 😀 day", entities: [{ type: "bold", offset: 6, length: 2 }] },
      { text: "Rain *all* day", entities: [] },
    ]);
    const sends = [...callsOf(wire, "sendMessage"), ...callsOf(wire, "editMessageText")];
    expect(sends.map(({ parameters }) => parameters.link_preview_options)).toEqual([
      { is_disabled: true },
      { is_disabled: true },
    ]);
  });

  it("reply to nothing unless asked for, and to a deleted message without failing", async () => {
    const { adapter, telegram, person, room, said, target } = await privateChat();
    await adapter.post(target, text("one"));
    telegram.deleteMessage(person, said);
    await adapter.post(target, { ...text("two"), reply: true });
    expect(telegram.botMessages(room).map(({ replyToId }) => replyToId)).toEqual([undefined, undefined]);
  });

  it("return a handle that survives JSON", async () => {
    const { adapter, telegram, room, target } = await privateChat();
    const stored = JSON.parse(JSON.stringify(target)) as Target;
    const ref = await adapter.post(stored, text("one"));
    await adapter.edit(JSON.parse(JSON.stringify(ref)) as MessageRef, text("two"));
    expect(telegram.botMessages(room).map((message) => message.text)).toEqual(["two"]);
  });

  it("take an edit that changes nothing for a success", async () => {
    const { adapter, target } = await privateChat();
    const ref = await adapter.post(target, text("same"));
    await expect(adapter.edit(ref, text("same \n"))).resolves.toBeUndefined();
  });

  it("show links that work and mentions that notify nobody", async () => {
    const { adapter, telegram, room, target } = await privateChat();
    const source = formatted("@everyone see docs, mail or call me", ...links);
    await adapter.post(target, { text: source });
    const [message] = telegram.botMessages(room);
    expect(message?.text).toBe("@everyone see docs, mail (a@example.com) or call (+123) me");
    expect(message?.revisions[0]?.entities).toEqual([
      { type: "text_link", offset: 0, length: 9, url: "https://t.me/everyone" },
      { type: "text_link", offset: 14, length: 4, url: "https://example.com/docs" },
      { type: "email", offset: 26, length: 13 },
    ]);
  });

  it("take 4,096 code points of any kind and refuse one more as too long", async () => {
    const { adapter, target } = await privateChat();
    const ref = await adapter.post(target, text("😀".repeat(4096)));
    expect(await failureOf(adapter.post(target, text("a".repeat(4097))))).toMatchObject({ code: "too-long" });
    expect(await failureOf(adapter.edit(ref, text("a".repeat(4097))))).toMatchObject({ code: "too-long" });
  });

  it("do not send a text without anything to see", async () => {
    const wire = await privateChat();
    expect(await failureOf(wire.adapter.post(wire.target, text(" \n")))).toMatchObject({ code: "unknown" });
    expect(callsOf(wire, "sendMessage")).toEqual([]);
  });
});

describe("delete", () => {
  it("removes a message, and takes one that is gone for removed", async () => {
    const { adapter, telegram, room, target } = await privateChat();
    const ref = await adapter.post(target, text("one"));
    await adapter.delete(ref);
    expect(telegram.botMessages(room)).toEqual([]);
    await expect(adapter.delete(ref)).resolves.toBeUndefined();
  });

  it("fails where Telegram keeps the message", async () => {
    const { adapter, telegram, target } = await privateChat();
    const ref = await adapter.post(target, text("one"));
    const body = { ok: false, error_code: 400, description: "Bad Request: message can't be deleted" };
    telegram.faults.add({ method: "deleteMessage", effect: { kind: "reply", status: 400, body } });
    expect(await failureOf(adapter.delete(ref))).toMatchObject({ code: "unknown", method: "deleteMessage" });
  });
});

describe("topics", () => {
  it("get their messages and their typing", async () => {
    const { adapter, telegram, inbox } = await connect();
    const person = telegram.addPerson();
    const group = telegram.addGroup("Walks", [person], { forum: true });
    const topic = telegram.addThread(group, "Sunday");
    telegram.say(person, topic, "hello", { mention: true });
    await adapter.start(inbox);
    const [event] = await inbox.taken(1);
    const { target } = event as MessageEvent;

    await adapter.startTyping(target);
    expect([telegram.isTyping(topic), telegram.isTyping(group)]).toEqual([true, false]);
    await adapter.post(target, text("hi"));
    expect(telegram.botMessages(topic).map((message) => message.text)).toEqual(["hi"]);

    telegram.deleteThread(topic);
    expect(await failureOf(adapter.post(target, text("hi")))).toMatchObject({ code: "not-found" });
  });
});

describe("chatTarget", () => {
  it.each([
    ["a private chat", "5248000001", 60],
    ["a group", "-4512000001", 20],
    ["a supergroup", "-1002137000001", 20],
  ])("leads to %s by its limits, replying to nothing", async (_, id, perMinute) => {
    const { adapter } = await connect();
    expect(adapter.chatTarget(id)).toEqual({
      budget: `telegram:${id}`,
      rate: [
        { count: 3, perMs: 1000 },
        { count: perMinute, perMs: 60_000 },
      ],
      address: { chat: Number(id) },
    });
  });
});

describe("a refusal", () => {
  it("of a person who blocked the bot is forbidden", async () => {
    const { adapter, telegram, person, target } = await privateChat();
    telegram.block(person);
    expect(await failureOf(adapter.post(target, text("a")))).toMatchObject({ code: "forbidden", status: 403 });
    expect(await failureOf(adapter.startTyping(target))).toMatchObject({ code: "forbidden" });
  });

  it("to edit a message that was deleted is not-found", async () => {
    const { adapter, telegram, person, room, target } = await privateChat();
    const ref = await adapter.post(target, text("a"));
    for (const message of telegram.botMessages(room)) telegram.deleteMessage(person, message);
    expect(await failureOf(adapter.edit(ref, text("b")))).toMatchObject({
      code: "not-found",
      method: "editMessageText",
    });
  });

  it.each<[string, FaultEffect, object]>([
    ["a flood", tooManyRequests(33), { code: "rate-limited", retryAfterMs: 33_000, scope: "chat", status: 429 }],
    ["a closed topic", topicClosed(), { code: "forbidden", status: 400 }],
    ["a revoked token", tokenRevoked(), { code: "forbidden", status: 401 }],
  ])("keeps its meaning and is not tried again: %s", async (_, effect, expected) => {
    const wire = await privateChat();
    wire.telegram.faults.add({ method: "sendMessage", effect });
    expect(await failureOf(wire.adapter.post(wire.target, text("a")))).toMatchObject(expected);
    expect(callsOf(wire, "sendMessage")).toHaveLength(1);
  });
});

describe("a call without a usable answer", () => {
  it.each<[string, FaultEffect, number]>([
    ["a server error", restarting(), 0],
    ["a bad gateway", badGateway(), 0],
    ["a bad gateway's page", badGatewayPage(), 0],
    ["half an answer", truncatedBody(), 0],
    ["an answer that is not Telegram's", { kind: "reply", status: 200, body: { error: "login first" } }, 0],
    ["an empty answer", { kind: "reply", status: 200, body: null }, 0],
    ["a connection reset before it took effect", { kind: "reset", applied: false }, 0],
    ["a connection reset after it took effect", { kind: "reset", applied: true }, 1],
  ])("is a network error and is not repeated: %s", async (_, effect, shown) => {
    const wire = await privateChat();
    wire.telegram.faults.add({ method: "sendMessage", effect });
    expect(await failureOf(wire.adapter.post(wire.target, text("a")))).toMatchObject({
      code: "network",
      method: "sendMessage",
    });
    expect(callsOf(wire, "sendMessage")).toHaveLength(1);
    expect(wire.telegram.botMessages(wire.room)).toHaveLength(shown);
  });

  it("ends after half a minute", async () => {
    const wire = await privateChat();
    wire.telegram.faults.add({ method: "sendMessage", effect: { kind: "hang", applied: true } });
    const failure = failureOf(wire.adapter.post(wire.target, text("a")));
    await wire.telegram.until("the message is there", () => wire.telegram.botMessages(wire.room).length === 1);
    await wire.clock.advance(30_000);
    const error = await failure;
    expect(error).toMatchObject({ code: "network" });
    expect(error.message).toContain("30 s");
  });

  it("is a network error where nobody listens", async () => {
    const { adapter, telegram } = await connect();
    await telegram.close();
    expect(await failureOf(adapter.identify())).toMatchObject({ code: "network", method: "getMe" });
  });
});

describe("registerCommands", () => {
  it("fills the menu in English and in each language", async () => {
    const wire = await connect();
    await wire.adapter.registerCommands?.([
      { name: "new", description: "Start over", translations: { zh: "重新开始" } },
      { name: "stop", description: "Stop the answer", translations: {} },
    ]);
    expect(callsOf(wire, "setMyCommands").map(({ parameters, status }) => ({ ...parameters, status }))).toEqual([
      {
        commands: [
          { command: "new", description: "Start over" },
          { command: "stop", description: "Stop the answer" },
        ],
        status: 200,
      },
      {
        commands: [
          { command: "new", description: "重新开始" },
          { command: "stop", description: "Stop the answer" },
        ],
        language_code: "zh",
        status: 200,
      },
    ]);
  });
});
