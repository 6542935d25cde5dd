import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person, Room } from "../../src/playground/chat-platform.ts";
import { type CozeEmulator, gate, say, startCozeEmulator } from "../../src/playground/coze/index.ts";
import { type BridgeProcess, freshDatabasePath, startBridge } from "../support/bridge-process.ts";
import { type CozeQuestion, cozeQuestions } from "../support/coze-questions.ts";
import { closedGate } from "../support/gate.ts";
import { read } from "../support/reading.ts";
import { type Chat, modeNames, startChat } from "../support/world.ts";

interface Someone {
  readonly chat: Chat;
  readonly person: Person;
  readonly room: Room;
  readonly sessionName: string;
  /** Known to nobody else. */
  readonly secret: string;
}

describe.each(modeNames)("Thirty people at once on either platform stay apart (%s)", (mode) => {
  let coze: CozeEmulator;
  let chats: Chat[];
  let bridge: BridgeProcess;

  beforeAll(async () => {
    coze = await startCozeEmulator();
    chats = await Promise.all([startChat("telegram"), startChat("discord")]);
    bridge = await startBridge({
      ...coze.environment(mode),
      ...Object.assign({}, ...chats.map(({ environment }) => environment)),
      DATABASE_PATH: freshDatabasePath(),
    });
  });

  afterAll(async () => {
    await bridge?.kill();
    await Promise.all([coze?.close(), ...(chats ?? []).map((chat) => chat.close())]);
  });

  it("gives everyone an answer, a token and a conversation of their own", async () => {
    const everyone = chats.flatMap((chat) => Array.from({ length: 30 }, (_, i) => someone(chat, i)));
    const usual = coze.answer;
    const all = closedGate();
    coze.answer = ({ text }) => [gate(all.opened), ...say(`Noted: ${text}`)];

    for (const { chat, person, room, secret } of everyone) chat.say(person, room, `My secret is ${secret}.`);
    await coze.until("everyone's question runs", () => cozeQuestions(coze).length === everyone.length);
    all.open();
    await Promise.all(everyone.map((one) => hears(one, `Noted: My secret is ${one.secret}.`)));
    coze.answer = usual;
    for (const { chat, person, room } of everyone) chat.say(person, room, "What did I say?");
    await Promise.all(everyone.map((one) => hears(one, `You said:\n• My secret is ${one.secret}.`)));

    for (const { chat, room, sessionName, secret } of everyone) {
      expect(chat.botMessages(room)).toHaveLength(2);
      expect(coze.exchanges.get(sessionName)).toBe(1);
      const own = coze.conversations.filter((conversation) => conversation.sessionName === sessionName);
      expect(own).toHaveLength(1);
      expect(cozeQuestions(coze, sessionName).map(({ text }) => text)).toEqual([
        `My secret is ${secret}.`,
        "What did I say?",
      ]);
      const second: CozeQuestion | undefined = cozeQuestions(coze, sessionName)[1];
      expect(second?.conversationId).toBe(own[0]?.id);
    }
    expect(coze.exchanges.size).toBe(everyone.length);
    expect(coze.conversations).toHaveLength(everyone.length);
    // Node's warnings would stand between the lines of the log.
    expect(linesOutsideTheLog(bridge)).toEqual([]);
  });
});

function someone(chat: Chat, index: number): Someone {
  const person = chat.addPerson();
  const sessionName = `${chat.name}:${person.id}`;
  return { chat, person, room: chat.privateRoom(person), sessionName, secret: `${chat.name}${index}x` };
}

async function hears({ chat, room }: Someone, text: string): Promise<void> {
  await chat.until(`"${text}"`, () => {
    const last = chat.botMessages(room).at(-1);
    return last && read(chat.name, last).text === text;
  });
}

function linesOutsideTheLog(bridge: BridgeProcess): readonly string[] {
  return bridge
    .output()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("{"));
}
