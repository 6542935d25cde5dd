import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { gate, interrupt, say } from "../../src/playground/coze/index.ts";
import { uploadRequests } from "../support/asked-files.ts";
import { closedGate } from "../support/gate.ts";
import { picture, program } from "../support/sent-files.ts";
import { describeEachPlatform, modeNames, type World } from "../support/world.ts";

const environment = { CONVERSATION_IDLE_HOURS: "1", SHUTDOWN_GRACE_MS: "0" };
const fresh = `${en.startedAfresh}\n\n`;
const nothing = "You have said nothing so far.";

/** So many minutes go by while the bridge is away: what it knows of conversations is older when it is back. */
async function staySilent(world: World, minutes: number): Promise<void> {
  await world.bridge.kill();
  const db = new Database(world.environment.DATABASE_PATH);
  db.prepare("UPDATE past_conversations SET used_at = used_at - ?").run(minutes * 60_000);
  db.close();
  await world.restart();
}

describe.each(modeNames)("Coze as %s", (mode) =>
  describeEachPlatform("after an hour of silence", { mode, environment }, (world) => {
    it("a question starts a new conversation, with a word, and /conversations leads back", async () => {
      const { chat } = world();
      const { person, room } = world().someone();
      await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
      await world().ended(person);
      await staySilent(world(), 61);

      await world().ask(person, room, "What did I say?", `${fresh}${nothing}`);
      await world().ask(person, room, "What did I just say?", "You said:\n• What did I say?");
      await world().ended(person);

      const before = chat.botMessages(room).length;
      chat.command(person, room, "conversations");
      const list = await chat.until("the list", () =>
        chat.botMessages(room).find(({ text, buttons }, index) => index >= before && text !== "" && buttons.length > 0),
      );
      expect(list.buttons.map(([title]) => title)).toEqual(["What did I say?", "My cat is called Minka."]);
      chat.press(person, list, "My cat is called Minka.");
      await world().hears(room, en.conversationUsed);
      await world().ask(person, room, "What did I say?", "You said:\n• My cat is called Minka.");
    });

    it("a flow that waits for a reply gets it", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      coze.answer = ({ resumes, text }) => (resumes ? say(`To ${text}.`) : [interrupt("Where to?")]);
      chat.say(person, room, "Book a trip.");
      await world().hears(room, "Where to?");
      await world().bridge.logged("turn ended", ({ outcome }) => outcome === "waiting");
      await staySilent(world(), 600);
      await world().ask(person, room, "Rome", "To Rome.");
    });
  }),
);

describeEachPlatform("The word about a new conversation", { environment }, (world) => {
  it("stands above the answer once, also when the process is killed within it", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);
    await staySilent(world(), 61);
    const rest = closedGate();
    coze.answer = ({ history }) => [
      ...say(`I know ${history.length}`, { chunk: 100 }),
      gate(rest.opened),
      ...say(" things."),
    ];
    const begun = await world().ask(person, room, "What do you know?", `${fresh}I know 0`);

    await world().bridge.kill();
    await world().restart();
    rest.open();

    const whole = await world().hears(room, `${fresh}I know 0 things.`);
    expect(whole.id).toBe(begun.id);
    expect(chat.botMessages(room)).toHaveLength(2);
  });

  it("is said when the process is killed before Coze has the question, and nothing is remembered", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);
    await staySilent(world(), 61);
    const asked = () => coze.requests.filter(({ path }) => path === "/v3/chat").length;
    const before = asked();
    coze.faults.add({ method: "POST /v3/chat", effect: { kind: "hang", applied: false } });
    chat.say(person, room, "What did I say?");
    await coze.until("the question", () => asked() > before);

    await world().bridge.kill();
    await world().restart();

    await world().hears(room, `${fresh}${nothing}`);
  });

  it.each(["killed", "stopped"])("is said once when the process is %s with a file on its way", async (how) => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);
    await staySilent(world(), 61);
    coze.faults.add({ method: "POST /v1/files/upload", effect: { kind: "hang", applied: false } });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    await coze.until("the picture", () => uploadRequests(world(), person).length > 0);

    await (how === "killed" ? world().bridge.kill() : world().bridge.stop());
    coze.faults.clear();
    await world().restart();

    await world().shown(room, (text) => text.includes("You said: What is this?"));
    await world().ended(person);
    const [, answer, ...others] = chat.botMessages(room).map((message) => world().reads(message));
    expect(answer?.split("What is this?")[0]).toBe(`${fresh}You said: `);
    expect(others).toEqual([]);
  });

  it("is said where a file is refused, and not again", async () => {
    const { chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);
    await staySilent(world(), 61);
    chat.sendFile(person, room, [{ ...program, caption: "What is this?" }]);
    await world().hears(room, `${fresh}${en.fileType}`);
    await world().ask(person, room, "What did I say?", nothing);
  });

  it("is not said, and nothing is forgotten, when the silence was a little shorter", async () => {
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);
    await staySilent(world(), 59);
    await world().ask(person, room, "What did I say?", "You said:\n• My cat is called Minka.");
  });

  it("is in the language of the person", async () => {
    const { person, room } = world().someone({ locale: "zh-hans" });
    await world().ask(person, room, "我的猫叫米卡。", "You said: 我的猫叫米卡。");
    await world().ended(person);
    await staySilent(world(), 61);
    const { text } = await world().ask(person, room, "我刚才说了什么？");
    expect(text).toBe(
      `ℹ️ 我们有一阵子没聊了，所以这是一段新的对话。发送 /conversations 可以回到之前的对话。\n\n${nothing}`,
    );
  });

  it("is not said where the last question is asked again, which goes on", async () => {
    const { chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");
    await world().ended(person);
    await staySilent(world(), 61);
    chat.command(person, room, "retry");
    await chat.until(
      "the answer",
      () => chat.botMessages(room).filter(({ text }) => text === "You said: My cat is called Minka.").length === 2,
    );
    await world().ask(
      person,
      room,
      "What did I say?",
      "You said:\n• My cat is called Minka.\n• My cat is called Minka.",
    );
  });
});
