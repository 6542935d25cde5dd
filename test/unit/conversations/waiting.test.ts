import { describe, expect, it } from "vitest";
import { en } from "../../../src/locale/en.ts";
import type { Person, Room, SentFile, ShownMessage } from "../../../src/playground/chat-platform.ts";
import { gate, interrupt, say } from "../../../src/playground/coze/index.ts";
import { closedGate } from "../../support/gate.ts";
import { platformFaults } from "../../support/platform-faults.ts";
import { platformNames } from "../../support/world.ts";
import { type LiveBridge, type LiveBridgeOptions, startLiveBridge } from "../live-bridge.ts";

const program: SentFile = {
  kind: "file",
  name: "setup.exe",
  mimeType: "application/x-msdownload",
  bytes: Buffer.from("MZ"),
};

/** A flow that has asked a person where to go. */
interface Asked {
  readonly live: LiveBridge;
  readonly room: Room;
  /** The question, with its options. */
  readonly question: ShownMessage;
  say(text: string, person?: Person): void;
}

async function askedWhere(options: LiveBridgeOptions, roomOf = (live: LiveBridge): Room => live.room): Promise<Asked> {
  const live = await startLiveBridge({ ...options, mode: "chatflow-bot", buttons: ["options"] });
  live.coze.answer = ({ resumes, text }) => (resumes ? say(`To ${text}`) : [interrupt("Where to?\n1. Paris\n2. Rome")]);
  await live.receive();
  const room = roomOf(live);
  const speak = (text: string, person = live.person) =>
    void live.chat.say(person, room, text, { mention: room.kind !== "private" });
  speak("book");
  await live.ended();
  const [question] = live.chat.botMessages(room);
  if (!question) throw new Error("nothing was asked");
  return { live, room, question, say: speak };
}

/** The person replies with a file that is not passed on. */
async function replyInVain({ live, room }: Asked): Promise<void> {
  live.chat.sendFile(live.person, room, [program], { mention: room.kind !== "private" });
  expect(await live.ended(2)).toMatchObject({ code: "ERR_TURN_FILE_TYPE" });
}

const hears = ({ live, room }: Asked, text: string) =>
  live.until(text, () => live.texts(room).some((shown) => shown === text));

describe.each(platformNames)("a flow's question on %s, after a reply that did not reach it,", (platform) => {
  it("is answered by the button of an option", async () => {
    const asked = await askedWhere({ platform });
    await replyInVain(asked);
    asked.live.chat.press(asked.live.person, asked.question, "Rome");
    await hears(asked, "To Rome");
  });

  it("is answered in writing", async () => {
    const asked = await askedWhere({ platform });
    await replyInVain(asked);
    asked.say("Oslo");
    await hears(asked, "To Oslo");
  });

  it("is ended by /stop, and what is said then begins anew", async () => {
    const asked = await askedWhere({ platform });
    const { live, room } = asked;
    await replyInVain(asked);
    live.chat.command(live.person, room, "stop");
    await hears(asked, en.stopDone);
    live.chat.press(live.person, asked.question, "Rome");
    await hears(asked, en.buttonExpired);
    asked.say("hello");
    expect(await live.ended(3)).toMatchObject({ outcome: "waiting" });
  });

  it("is for the one who was asked where all share the conversation", async () => {
    const people: Person[] = [];
    const asked = await askedWhere({ platform, scope: "chat" }, ({ chat, person }) => {
      people.push(chat.addPerson({ name: "Bob" }));
      return chat.addGroup("Lounge", [person, ...people]);
    });
    const [bob] = people;
    const { live } = asked;
    await replyInVain(asked);
    asked.say("Berlin", bob);
    await hears(asked, en.notYourQuestion);
    asked.say("Oslo");
    await hears(asked, "To Oslo");
    asked.say("book", bob);
    expect(await live.ended(4)).toMatchObject({ outcome: "waiting" });
  });
});

describe.each(platformNames)("a reply on its way to a flow on %s", (platform) => {
  it("keeps others out, for it may not arrive", async () => {
    const people: Person[] = [];
    const asked = await askedWhere({ platform, scope: "chat" }, ({ chat, person }) => {
      people.push(chat.addPerson({ name: "Bob" }));
      return chat.addGroup("Lounge", [person, ...people]);
    });
    const { live, room } = asked;
    const method = platformFaults[platform].download;
    live.chat.faults.add({ method, effect: { kind: "hang", applied: false } });
    const picture = { ...program, name: "oslo.png", mimeType: "image/png", kind: "image" } as const;
    live.chat.sendFile(live.person, room, [picture], { mention: true });
    await live.chat.until("the picture", () => live.chat.calls.some((call) => call.method === method));
    asked.say("Berlin", people[0]);
    await hears(asked, en.notYourQuestion);
  });

  it("makes the buttons of the options too late", async () => {
    const asked = await askedWhere({ platform });
    const { live } = asked;
    const rest = closedGate();
    live.coze.answer = ({ text }) => [...say(`To ${text}`), gate(rest.opened), ...say("!")];
    asked.say("Oslo");
    await hears(asked, "To Oslo");
    live.chat.press(live.person, asked.question, "Rome");
    await hears(asked, en.buttonExpired);
    rest.open();
    await hears(asked, "To Oslo!");
    expect(live.texts()).not.toContain("To Rome!");
  });

  it("makes them too late while its picture is fetched, too", async () => {
    const asked = await askedWhere({ platform });
    const { live, room } = asked;
    const method = platformFaults[platform].download;
    live.chat.faults.add({ method, effect: { kind: "hang", applied: false } });
    live.chat.sendFile(live.person, room, [{ ...program, name: "oslo.png", mimeType: "image/png", kind: "image" }]);
    await live.chat.until("the picture", () => live.chat.calls.some((call) => call.method === method));
    live.chat.press(live.person, asked.question, "Rome");
    await hears(asked, en.buttonExpired);
  });
});
