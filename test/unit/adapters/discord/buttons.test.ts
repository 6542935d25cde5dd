import { describe, expect, it } from "vitest";
import type { Buttons, MediaItem, MessageRef, Target } from "../../../../src/adapter.ts";
import { callsOf, failureOf, message, stored } from "./bridge-side.ts";
import { type Chat, chat, command, create, original, update } from "./chat.ts";
import { second } from "./opus.ts";

const picture: MediaItem = { kind: "image", name: "a.png", mimeType: "image/png", data: Buffer.from("picture") };
const stop: Buttons = [[{ label: "Stop", value: "stop:1" }]];
const choice: Buttons = [
  [
    { label: "Yes", value: "y" },
    { label: "No", value: "n" },
  ],
  [{ label: "Later", value: "l" }],
];

async function posted({ bridge }: Pick<Chat, "bridge">, target: Target, buttons?: Buttons): Promise<MessageRef> {
  return stored(await bridge.adapter.post(target, message("hello", { reply: true, ...(buttons && { buttons }) })));
}

describe.each([
  ["in a channel", () => chat()],
  ["in an answer to a command", () => command("private")],
  ["in an answer that one person alone sees", () => command("group")],
])("%s", (_, open) => {
  it("a message shows its buttons, and loses them with an edit that has none", async () => {
    const c = await open();
    const ref = await posted(c, c.target, choice);
    const shown = () => c.discord.botMessages(c.room)[0];
    expect(shown()).toMatchObject({ text: "hello", buttons: [["Yes", "No"], ["Later"]] });
    await c.bridge.adapter.edit(ref, message("hello again", { buttons: stop }));
    expect(shown()).toMatchObject({ text: "hello again", buttons: [["Stop"]] });
    await c.bridge.adapter.edit(ref, message("goodbye"));
    expect(shown()).toMatchObject({ text: "goodbye", buttons: [] });
  });

  it("files show their buttons, which can be replaced", async () => {
    const c = await open();
    const ref = stored(await c.bridge.adapter.postMedia(c.target, { items: [picture, picture], buttons: stop }));
    const shown = () => c.discord.botMessages(c.room);
    expect(shown()).toMatchObject([{ media: [{ name: "a.png" }, { name: "a.png" }], buttons: [["Stop"]] }]);
    await c.bridge.adapter.showButtons(ref, choice);
    expect(shown()).toMatchObject([
      { media: [{ name: "a.png" }, { name: "a.png" }], buttons: [["Yes", "No"], ["Later"]] },
    ]);
  });

  it("a voice message has no buttons and is not changed", async () => {
    const c = await open();
    const voice: MediaItem = { kind: "voice", name: "v.ogg", mimeType: "audio/ogg", data: second };
    const ref = stored(await c.bridge.adapter.postMedia(c.target, { items: [voice], buttons: stop }));
    const calls = c.discord.calls.length;
    expect(await failureOf(c.bridge.adapter.showButtons(ref, stop), c.discord)).toMatchObject({ code: "unknown" });
    expect(c.discord.calls).toHaveLength(calls);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ media: [{ isVoice: true }], buttons: [] }]);
  });

  it("buttons are replaced and the text stays as it is", async () => {
    const c = await open();
    const ref = await posted(c, c.target, stop);
    await c.bridge.adapter.showButtons(ref, choice);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ text: "hello", buttons: [["Yes", "No"], ["Later"]] }]);
    await c.bridge.adapter.showButtons(ref, []);
    await c.bridge.adapter.showButtons(ref, []);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ text: "hello", buttons: [] }]);
    const edits = [...callsOf(c.discord, update), ...callsOf(c.discord, original)].slice(-3);
    for (const { parameters } of edits) {
      expect(parameters).not.toHaveProperty("content");
      expect(parameters.allowed_mentions).toEqual({ parse: [], replied_user: false });
    }
  });
});

it("shows at most five rows of five, and labels of eighty characters", async () => {
  const c = await chat();
  const row = Array.from({ length: 12 }, (_, index) => ({ label: `${index}`, value: `a${index}` }));
  const rows = ["b", "c", "d"].map((value) => [{ label: `${value}${"🙂".repeat(80)}`, value }]);
  await posted(c, c.target, [row, ...rows]);
  expect(c.discord.botMessages(c.room)[0]?.buttons).toEqual([
    ["0", "1", "2", "3", "4"],
    ["5", "6", "7", "8", "9"],
    ["10", "11"],
    [`b${"🙂".repeat(79)}`],
    [`c${"🙂".repeat(79)}`],
  ]);
});

it("brings the buttons of a repeated post up to date", async () => {
  const c = await chat();
  await c.bridge.adapter.post(c.target, message("half", { nonce: "n1", buttons: stop }));
  await c.bridge.adapter.post(c.target, message("half", { nonce: "n1", buttons: stop }));
  expect(callsOf(c.discord, update)).toEqual([]);
  await c.bridge.adapter.post(c.target, message("half", { nonce: "n1" }));
  expect(c.discord.botMessages(c.room)).toMatchObject([{ text: "half", buttons: [] }]);
  expect(callsOf(c.discord, create)).toHaveLength(3);
});
