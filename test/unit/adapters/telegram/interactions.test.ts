import type { CallbackQuery, Update, User } from "grammy/types";
import { describe, expect, it } from "vitest";
import { toInboundEvent } from "../../../../adapters/telegram/inbound.ts";

const bot: User = { id: 700, is_bot: true, first_name: "Weather", username: "Weather_Bot" };
const person: User = { id: 42, is_bot: false, first_name: "Ada", last_name: "Lovelace", language_code: "zh-hans" };
const group = { id: -1_001_234_567_890, type: "supergroup", title: "Walks" } as const;

/** Of what has no time of its own. */
const now = 1_700_000_500_000;

describe("a press of a button", () => {
  const message = { message_id: 5, date: 1_700_000_000, from: bot, chat: group, text: "?" };

  function pressed(fields: object) {
    const query = {
      id: "4382",
      from: person,
      chat_instance: "1",
      data: "retry:7",
      message,
      ...fields,
    } as CallbackQuery;
    return toInboundEvent([{ update_id: 9, callback_query: query }], bot, now);
  }

  it("is an event of the presser and of now, with the message and its chat", () => {
    expect(pressed({})).toEqual({
      type: "action",
      id: "700:callback:4382",
      platform: "telegram",
      sentAt: now,
      author: { id: "42", name: "Ada Lovelace", locale: "zh-hans", automated: false },
      chat: { key: "-1001234567890", kind: "group", title: "Walks" },
      target: expect.objectContaining({ budget: "telegram:-1001234567890", address: { chat: group.id } }),
      value: "retry:7",
      ref: { address: { chat: group.id, message: 5 } },
    });
  });

  it("belongs to the topic of the message", () => {
    expect(pressed({ message: { ...message, is_topic_message: true, message_thread_id: 8 } })).toMatchObject({
      chat: { key: "-1001234567890/8", isThread: true },
      target: { address: { chat: group.id, thread: 8 } },
    });
  });

  it("below a rich message leads to a rich message", () => {
    const ref = { address: { chat: group.id, message: 5, rich: true } };
    expect(pressed({ message: { ...message, text: undefined, rich_message: { blocks: [] } } })).toMatchObject({ ref });
  });

  it("below a message that is out of reach has its place", () => {
    expect(pressed({ message: { chat: group, message_id: 5, date: 0 } })).toMatchObject({
      chat: { key: "-1001234567890" },
      ref: { address: { chat: group.id, message: 5 } },
    });
  });

  it("is nothing without a value or a message", () => {
    expect(pressed({ data: undefined, game_short_name: "chess" })).toBeUndefined();
    expect(pressed({ message: undefined, inline_message_id: "x" })).toBeUndefined();
  });
});

describe("a press of a draft's Stop button", () => {
  const stopped = (fields: object): Update => ({
    update_id: 9,
    stopped_message_generation: {
      chat: { id: 42, type: "private", first_name: "Ada", last_name: "Lovelace" },
      draft_id: 77,
      ...fields,
    },
  });

  it("is an event of the person whose chat it is, and of now", () => {
    expect(toInboundEvent([stopped({})], bot, now)).toEqual({
      type: "stopped",
      id: "700:42:draft:77",
      platform: "telegram",
      sentAt: now,
      author: { id: "42", name: "Ada Lovelace", automated: false },
      chat: { key: "42", kind: "private" },
      target: expect.objectContaining({ budget: "telegram:42", address: { chat: 42 } }),
    });
  });

  it("has one id whether the draft's comes as a number or as text", () => {
    expect(toInboundEvent([stopped({ draft_id: "77" })], bot, now)).toMatchObject({ id: "700:42:draft:77" });
  });

  it("belongs to the topic of the draft", () => {
    expect(toInboundEvent([stopped({ message_thread_id: 6 })], bot, now)).toMatchObject({
      chat: { key: "42/6", isThread: true },
      target: { address: { chat: 42, thread: 6 } },
    });
  });
});
