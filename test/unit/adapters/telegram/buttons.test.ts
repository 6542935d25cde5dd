import { describe, expect, it } from "vitest";
import type { ActionEvent, Buttons, MediaItem } from "../../../../src/adapter.ts";
import { callsOf, failureOf, privateChat, text, type WireOptions } from "./wire.ts";

const buttons: Buttons = [[{ label: "Try again", value: "retry:7" }], [{ label: "Stop", value: "stop:7" }]];
const shown = [["Try again"], ["Stop"]];
const data = Buffer.from("\xff\xd8\xff picture", "latin1");
const picture: MediaItem = { kind: "image", name: "a.jpg", mimeType: "image/jpeg", data };

async function asked(options?: WireOptions) {
  const wire = await privateChat(options);
  const ref = await wire.adapter.post(wire.target, { ...text("one"), buttons });
  return { ...wire, ref, labels: () => wire.telegram.botMessages(wire.room).map((message) => message.buttons) };
}

describe.each<[string, WireOptions]>([
  ["a classic message", {}],
  ["a rich message", { format: "rich" }],
])("the buttons of %s", (_, options) => {
  /** Of a length that only rich messages have, where there are any. */
  const content = (letter: string) => text(letter.repeat(options.format === "rich" ? 5000 : 50));

  it("are shown below it, and stay or go with an edit", async () => {
    const { adapter, telegram, room, target } = await privateChat(options);
    const ref = await adapter.post(target, { ...content("a"), buttons });
    const labels = () => telegram.botMessages(room).map((message) => message.buttons);
    expect(labels()).toEqual([shown]);
    await adapter.edit(ref, { ...content("b"), buttons });
    expect(labels()).toEqual([shown]);
    await adapter.edit(ref, content("c"));
    expect(labels()).toEqual([[]]);
    await adapter.edit(ref, { ...content("c"), buttons });
    expect(labels()).toEqual([shown]);
  });
});

describe("showButtons", () => {
  it("replaces the buttons and leaves the text", async () => {
    const { adapter, telegram, room, ref, labels } = await asked();
    await adapter.showButtons(ref, [[{ label: "Only", value: "only" }]]);
    expect(labels()).toEqual([[["Only"]]]);
    await adapter.showButtons(ref, []);
    expect(labels()).toEqual([[]]);
    expect(telegram.botMessages(room)).toMatchObject([{ text: "one" }]);
  });

  it("takes buttons that are shown already for a success", async () => {
    const wire = await asked();
    await wire.adapter.showButtons(wire.ref, buttons);
    await wire.adapter.showButtons(wire.ref, [...buttons, []]);
    expect(callsOf(wire, "editMessageReplyMarkup").map(({ status }) => status)).toEqual([400, 400]);
  });

  it("shows them below a file, which can be sent with some", async () => {
    const { adapter, telegram, room, target } = await privateChat();
    const ref = await adapter.postMedia(target, { items: [picture], buttons });
    const labels = () => telegram.botMessages(room).map((message) => message.buttons);
    expect(labels()).toEqual([shown]);
    await adapter.showButtons(ref, [[{ label: "Only", value: "only" }]]);
    expect(labels()).toEqual([[["Only"]]]);
  });

  it("is refused below an album without a call, and the album goes without", async () => {
    const wire = await privateChat();
    const ref = await wire.adapter.postMedia(wire.target, { items: [picture, picture], buttons });
    expect(wire.telegram.botMessages(wire.room).map((message) => message.buttons)).toEqual([[], []]);
    expect(await failureOf(wire.adapter.showButtons(ref, buttons))).toMatchObject({ code: "unknown" });
    expect(callsOf(wire, "editMessageReplyMarkup")).toEqual([]);
  });

  it("is not-found below a message that is gone", async () => {
    const { adapter, ref } = await asked();
    await adapter.delete(ref);
    expect(await failureOf(adapter.showButtons(ref, buttons))).toMatchObject({
      code: "not-found",
      method: "editMessageReplyMarkup",
    });
  });
});

describe("a press", () => {
  it("is offered with what the button stands for and with the message, also when that is gone", async () => {
    const { adapter, inbox, telegram, person, room, ref } = await asked();
    const [message] = telegram.botMessages(room);
    if (message === undefined) throw new Error("The message is missing.");
    telegram.press(person, message, "Stop");
    await adapter.delete(ref);
    telegram.press(person, message, "Try again");
    const presses = (await inbox.taken(3)).slice(1) as ActionEvent[];
    const author = { id: person.id, name: "Ada", automated: false };
    expect(presses).toMatchObject([
      { type: "action", value: "stop:7", ref, author },
      { type: "action", value: "retry:7", ref, author },
    ]);
    expect(presses[0]?.id).not.toBe(presses[1]?.id);
    await adapter.post((presses[1] as ActionEvent).target, text("here"));
    expect(telegram.botMessages(room)).toMatchObject([{ text: "here" }]);
  });
});
