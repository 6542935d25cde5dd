import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/clock.ts";
import { en } from "../../../src/locale/en.ts";
import { zh } from "../../../src/locale/zh.ts";
import type { SentFile, ShownMessage } from "../../../src/playground/chat-platform.ts";
import { gate, say } from "../../../src/playground/coze/index.ts";
import { closedGate } from "../../support/gate.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { platformFaults } from "../../support/platform-faults.ts";
import { platformNames } from "../../support/world.ts";
import { type LiveBridge, type LiveBridgeOptions, startLiveBridge } from "../live-bridge.ts";

const picture: SentFile = { kind: "image", name: "cat.png", mimeType: "image/png", bytes: Buffer.from("cat") };
const voice: SentFile = { kind: "audio", name: "v.ogg", mimeType: "audio/ogg", bytes: Buffer.from("v"), isVoice: true };
const program: SentFile = {
  kind: "file",
  name: "setup.exe",
  mimeType: "application/x-msdownload",
  bytes: Buffer.from("MZ"),
};

/** What Coze was asked, oldest first: the words of each question. */
function questions({ coze }: LiveBridge): string[] {
  const asked = coze.requests.filter(({ path }) => path === "/v3/chat");
  return asked.map(({ body }) => wordsOf((body.additional_messages as readonly Asked[])[0]));
}

interface Asked {
  readonly content: string;
  readonly content_type: string;
}

function wordsOf({ content, content_type }: Asked = { content: "", content_type: "text" }): string {
  if (content_type !== "object_string") return content;
  const items = JSON.parse(content) as readonly { readonly type: string; readonly text?: string }[];
  return items.flatMap(({ text }) => text ?? []).join("\n");
}

function send({ chat, person, room }: LiveBridge, file: SentFile): ShownMessage {
  return chat.sendFile(person, room, [file]);
}

async function started(options: LiveBridgeOptions): Promise<LiveBridge> {
  const live = await startLiveBridge(options);
  live.coze.answer = ({ text }) => say(`You said: ${text}`);
  await live.receive();
  return live;
}

describe.each(platformNames)("a text file on %s", (platform) => {
  const notes: SentFile = {
    kind: "file",
    name: "message.txt",
    mimeType: "text/plain",
    bytes: Buffer.from("A long text"),
  };

  it("is asked as words, and stands once in a question that is asked again", async () => {
    const live = await started({ platform });
    send(live, { ...notes, caption: "summarise" });
    await live.ended();
    live.chat.command(live.person, live.room, "retry");
    await live.ended(2);
    live.chat.command(live.person, live.room, "retry");
    await live.ended(3);
    expect(questions(live)).toEqual(Array(3).fill("summarise\n\nA long text"));
    expect(live.coze.files).toEqual([]);
  });

  it("without any text is no question", async () => {
    const live = await started({ platform });
    send(live, { ...notes, bytes: Buffer.from(" \n") });
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_EMPTY_MESSAGE" });
    expect(live.texts()).toEqual([en.emptyMessage]);
    expect(live.coze.requests).toEqual([]);
  });
});

describe.each(platformNames)("what is written to a picture on %s", (platform) => {
  it("is asked as it reads when the picture is on Coze", async () => {
    const clock = createManualClock();
    const live = await started({ platform, clock });
    const method = platformFaults[platform].download;
    live.chat.faults.add({ method, effect: { kind: "reset", applied: false } });
    const message = send(live, { ...picture, caption: "What is this?" });
    await live.chat.until("the first attempt", () => live.chat.calls.some((call) => call.method === method));
    live.chat.editMessage(live.person, message, "Whose cat is this?");
    await live.accepted(2);
    await clock.moveUntil(live.ended());
    expect(questions(live)).toEqual(["Whose cat is this?"]);
    expect(live.coze.files).toHaveLength(1);
  });

  it("stays as it was asked, whatever becomes of it in the chat", async () => {
    const live = await started({ platform });
    const rest = closedGate();
    live.coze.answer = ({ text }) => [...say(text), gate(rest.opened), ...say("!")];
    const message = send(live, { ...picture, caption: "What is this?" });
    await live.reads("What is this?");
    const turn = await live.unfinishedTurn();
    live.chat.editMessage(live.person, message, "Whose cat is this?");
    await live.accepted(2);
    rest.open();
    await live.ended();
    expect((await live.store.turn(turn.id))?.text).toBe("What is this?");
    live.chat.command(live.person, live.room, "retry");
    await live.ended(2);
    expect(questions(live)).toEqual(["What is this?", "What is this?"]);
  });
});

describe.each(platformNames)("after a silence on %s", (platform) => {
  const hour = 3_600_000;

  async function silent() {
    let passed = 0;
    const live = await started({
      platform,
      idleMs: hour,
      clock: { ...systemClock, now: () => Date.now() + passed },
    });
    live.say("hi");
    await live.ended();
    passed = 2 * hour;
    return live;
  }

  it("the word about the new conversation stands above that about a file that is refused, and is not said again", async () => {
    const live = await silent();
    send(live, program);
    expect(await live.ended(2)).toMatchObject({ outcome: "failed", code: "ERR_TURN_FILE_TYPE" });
    expect(live.texts().slice(1)).toEqual([`${en.startedAfresh}\n\n${en.fileType}`]);
    live.say("well then");
    await live.ended(3);
    expect(live.texts().slice(2)).toEqual(["You said: well then"]);
    expect(live.coze.conversations).toHaveLength(2);
  });

  it("it stands above what was understood of a voice message", async () => {
    const live = await silent();
    live.coze.hear = () => "Bonjour";
    send(live, voice);
    expect(await live.ended(2)).toMatchObject({ outcome: "delivered" });
    const [, text] = live.texts();
    expect(text?.split("\n").filter((line) => line !== "")).toEqual([
      en.startedAfresh,
      expect.stringMatching(/^(> )?Bonjour$/),
      "You said: Bonjour",
    ]);
  });
});

describe.each(platformNames)("a message without words on %s, of somebody whose language is not told,", (platform) => {
  it.each([
    ["你好", zh.fileType],
    ["hello", en.fileType],
  ])("is answered in the language of what was said before: %s", async (before, told) => {
    const live = await started({ platform });
    live.say(before);
    await live.ended();
    send(live, program);
    await live.ended(2);
    expect(live.texts()).toEqual([`You said: ${before}`, told]);
  });

  it("is answered in English when nothing was said before", async () => {
    const live = await started({ platform });
    send(live, program);
    await live.reads(en.fileType);
  });

  it("is answered in its own language when there are words to it after all", async () => {
    const live = await started({ platform });
    live.say("你好");
    await live.ended();
    send(live, { ...program, caption: "what is this?" });
    await live.reads("You said: 你好", en.fileType);
  });
});
