import { describe, expect, it } from "vitest";
import type { ActionEvent } from "../../../../src/adapter.ts";
import type { Person, Room } from "../../../../src/playground/chat-platform.ts";
import { type BridgeSide, callsOf, emulator, message, onlineBridge, stored } from "./bridge-side.ts";

const callback = "POST /interactions/:id/:token/callback";
const buttons = [[{ label: "Retry", value: "retry:7" }]];

/** A message with a button, below which a person may press it. */
async function offered(place: (discord: Awaited<ReturnType<typeof emulator>>, person: Person) => Room) {
  const discord = await emulator();
  const bridge = await onlineBridge(discord);
  const person = discord.addPerson({ name: "Ann", locale: "zh-CN" });
  const room = place(discord, person);
  const ref = stored(await bridge.adapter.post(bridge.adapter.chatTarget(room.id), message("failed", { buttons })));
  const [shown] = discord.botMessages(room);
  if (!shown) throw new Error("The message is not there.");
  return { discord, bridge, person, room, ref, shown };
}

/** The bot hears its own message, too. */
async function pressArrived(bridge: BridgeSide): Promise<ActionEvent> {
  const events = await bridge.received(2);
  return events.find(({ type }) => type === "action") as ActionEvent;
}

describe("a press", () => {
  it.each([
    ["private", { kind: "private" }, (discord, person) => discord.privateRoom(person)],
    ["group", { kind: "group", title: "general" }, (discord, person) => discord.addGroup("general", [person])],
    [
      "thread",
      { kind: "group", isThread: true, title: "plans" },
      (discord, person) => discord.addThread(discord.addGroup("general", [person]), "plans"),
    ],
  ] satisfies [string, object, Parameters<typeof offered>[0]][])(
    "in a %s chat arrives, acknowledged",
    async (_, chat, place) => {
      const c = await offered(place);
      c.discord.press(c.person, c.shown, "Retry");
      const event = await pressArrived(c.bridge);
      expect(event).toMatchObject({
        type: "action",
        id: expect.stringMatching(/^\d+$/),
        platform: "discord",
        author: { id: c.person.id, name: "Ann", locale: "zh-CN", automated: false },
        chat: { key: c.room.id, ...chat },
        target: { budget: `discord:${c.room.id}`, address: { kind: "channel", channel: c.room.id } },
        value: "retry:7",
        ref: c.ref,
      });
      expect(Math.abs(event.sentAt - Date.now())).toBeLessThan(60_000);
      expect(callsOf(c.discord, callback)).toMatchObject([{ status: 204, parameters: { type: 6 } }]);
      expect(c.discord.failedInteractions).toEqual([]);
    },
  );

  it("leaves its message as it is, and is answered by ordinary messages", async () => {
    const c = await offered((discord, person) => discord.addGroup("general", [person]));
    c.discord.press(c.person, c.shown, "Retry");
    const event = await pressArrived(c.bridge);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ text: "failed", buttons: [["Retry"]], loading: false }]);
    await c.bridge.adapter.post(stored(event.target), message("once more", { reply: true }));
    await c.bridge.adapter.showButtons(stored(event.ref), []);
    expect(c.discord.botMessages(c.room)).toMatchObject([{ buttons: [] }, { text: "once more" }]);
    for (const shown of c.discord.botMessages(c.room)) expect(shown).not.toHaveProperty("replyToId");
  });

  it.each([
    ["too late", { kind: "reply", status: 404, body: { code: 10_062, message: "Unknown interaction" } }],
    ["without an answer", { kind: "reset", applied: true }],
  ] as const)("that is acknowledged %s still arrives", async (_, effect) => {
    const c = await offered((discord, person) => discord.privateRoom(person));
    c.discord.faults.add({ method: callback, effect });
    c.discord.press(c.person, c.shown, "Retry");
    expect(await pressArrived(c.bridge)).toMatchObject({ value: "retry:7" });
  });
});
