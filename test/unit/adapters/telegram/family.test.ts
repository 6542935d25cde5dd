import { describe, expect, it } from "vitest";
import type { MessageRef } from "../../../../src/adapter.ts";
import { type FormattedText, plainText } from "../../../../src/markdown/formatted-text.ts";
import { formatted } from "./formatted.ts";
import { callsOf, failureOf, privateChat, text, type Wire } from "./wire.ts";

const formula = { text: formatted("so β", ["β", { type: "math", isBlock: false, source: "\\beta" }]) };
const long = text("word ".repeat(2000));

function methods({ telegram }: Wire): string[] {
  return telegram.calls.map(({ method }) => method).filter((method) => /send|edit/.test(method));
}

describe("answers as entities", () => {
  it("never become rich messages", async () => {
    const wire = await privateChat();
    await wire.adapter.post(wire.target, formula);
    expect(methods(wire)).toEqual(["sendMessage"]);
    expect(wire.adapter.capabilities.maxLength).toBe(4096);
  });
});

describe("answers in rich messages", () => {
  it.each<[string, { text: FormattedText }, string]>([
    ["plain text", text("hello"), "sendMessage"],
    ["a formula", formula, "sendRichMessage"],
    ["a text for which one message is too short", long, "sendRichMessage"],
    [
      "more formats than a message keeps",
      {
        text: {
          text: "a ".repeat(101),
          ranges: Array.from({ length: 101 }, (_, i) => ({
            start: 2 * i,
            end: 2 * i + 1,
            format: { type: "bold" as const },
          })),
        },
      },
      "sendRichMessage",
    ],
  ])("are sent as what suits them: %s", async (_, message, method) => {
    const wire = await privateChat({ format: "rich" });
    await wire.adapter.post(wire.target, message);
    expect(methods(wire)).toEqual([method]);
    expect(wire.telegram.botMessages(wire.room)).toHaveLength(1);
  });

  it("are replies, and read as they were written", async () => {
    const { adapter, telegram, room, said, target } = await privateChat({ format: "rich" });
    await adapter.post(target, { ...formula, reply: true });
    const [message] = telegram.botMessages(room);
    expect(message).toMatchObject({ text: "so \\beta", replyToId: said.id });
    expect(message && telegram.richMessage(message)).toMatchObject({ blocks: [{ type: "paragraph" }] });
  });

  it("measure up to 32,768 characters, which Telegram takes", async () => {
    const { adapter, telegram, room, target } = await privateChat({ format: "rich" });
    const { maxLength, measure } = adapter.capabilities;
    const full = "😀".repeat(32_768);
    expect([maxLength, measure(plainText(full))]).toEqual([32_768, 32_768]);
    await adapter.post(target, text(full));
    expect(telegram.botMessages(room)).toHaveLength(1);
    expect(await failureOf(adapter.post(target, text(`${full}x`)))).toMatchObject({ code: "too-long" });
  });

  it("become rich when they gain by it, and stay so", async () => {
    const { adapter, telegram, room, target } = await privateChat({ format: "rich" });
    const ref = await adapter.post(target, text("so"));
    await adapter.edit(ref, formula);
    await adapter.edit(ref, formula);
    await adapter.edit(ref, text("so what"));
    const [message] = telegram.botMessages(room);
    expect(message?.revisions.map((revision) => revision.text)).toEqual(["so", "so \\beta", "so what"]);
    expect(message && telegram.richMessage(message)).toEqual({ blocks: [{ type: "paragraph", text: "so what" }] });
  });

  it("stay rich after a restart", async () => {
    const wire = await privateChat({ format: "rich" });
    const ref = await wire.adapter.post(wire.target, formula);
    await wire.newAdapter().edit(JSON.parse(JSON.stringify(ref)) as MessageRef, text("so what"));
    expect(callsOf(wire, "editMessageText")[0]?.parameters).toHaveProperty("rich_message");
  });
});

describe("a server without rich messages", () => {
  it("gets the same text as a classic message, and is not asked again", async () => {
    const wire = await privateChat({ format: "rich", without: ["rich"] });
    await wire.adapter.post(wire.target, formula);
    await wire.adapter.post(wire.target, formula);
    expect(methods(wire)).toEqual(["sendRichMessage", "sendMessage", "sendMessage"]);
    expect(wire.telegram.botMessages(wire.room).map((message) => message.text)).toEqual(["so β", "so β"]);
  });

  it("is found out by an edit, too", async () => {
    const wire = await privateChat({ format: "rich", without: ["rich"] });
    const ref = await wire.adapter.post(wire.target, text("so"));
    await wire.adapter.edit(ref, formula);
    expect(wire.telegram.botMessages(wire.room).map((message) => message.text)).toEqual(["so β"]);
    expect(wire.adapter.capabilities.maxLength).toBe(4096);
  });

  it("makes a long text too long, by the measure that holds from then on", async () => {
    const wire = await privateChat({ format: "rich", without: ["rich"] });
    const { capabilities } = wire.adapter;
    expect(capabilities.measure(long.text)).toBeLessThan(capabilities.maxLength);
    expect(await failureOf(wire.adapter.post(wire.target, long))).toMatchObject({ code: "too-long" });
    expect(capabilities.maxLength).toBe(4096);
    expect(capabilities.measure(long.text)).toBeGreaterThan(4096);
  });
});

describe("a rich message that Telegram refuses", () => {
  const refusal = { ok: false, error_code: 400, description: "Bad Request: RICH_MESSAGE_STRANGE" };
  const refuse = ({ telegram }: Wire) =>
    telegram.faults.add({ method: /Rich|edit/, effect: { kind: "reply", status: 400, body: refusal } });

  it("is shown as a classic one, which it stays; others are still tried", async () => {
    const wire = await privateChat({ format: "rich" });
    refuse(wire);
    const ref = await wire.adapter.post(wire.target, formula);
    await wire.adapter.edit(ref, { text: plainText("so β?") });
    await wire.adapter.post(wire.target, formula);
    expect(methods(wire)).toEqual(["sendRichMessage", "sendMessage", "editMessageText", "sendRichMessage"]);
  });

  it("fails when it is too long for a classic one", async () => {
    const wire = await privateChat({ format: "rich" });
    refuse(wire);
    expect(await failureOf(wire.adapter.post(wire.target, long))).toMatchObject({ code: "unknown" });
    expect(wire.adapter.capabilities.maxLength).toBe(32_768);
  });

  it("is not repeated when the answer was lost", async () => {
    const wire = await privateChat({ format: "rich" });
    wire.telegram.faults.add({ method: "sendRichMessage", effect: { kind: "reset", applied: true } });
    expect(await failureOf(wire.adapter.post(wire.target, formula))).toMatchObject({ code: "network" });
    expect(wire.telegram.botMessages(wire.room)).toHaveLength(1);
  });
});
