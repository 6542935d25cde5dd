import { expect, it } from "vitest";
import { cozeError, gate, say } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { describeEachMode, describeEachPlatform } from "../support/world.ts";

const clear = "POST /v1/conversations/:conversation_id/clear";
const create = "POST /v1/conversation/create";
const done = "Started over. I remember nothing of what we said before.";
const nothing = "You have said nothing so far.";

describeEachMode("The command /new starts over", (world, _platform, mode) => {
  it("leaves nothing of what was said before", async () => {
    const { chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");

    chat.command(person, room, "new");
    await world().hears(room, done);

    await world().ask(person, room, "What did I say?", nothing);
    await world().ask(person, room, "What did I just say?", "You said:\n• What did I say?");
  });

  it("does so when nothing was said yet, and as often as wanted", async () => {
    const { chat } = world();
    const { person, room } = world().someone();

    for (const [index, text] of ["My cat is called Minka.", "My dog is called Rex."].entries()) {
      chat.command(person, room, "new");
      await chat.until("it is done", () => chat.botMessages(room).filter((m) => m.text === done)[index]);
      await world().ask(person, room, "What did I say?", nothing);
      await world().ask(person, room, text, `You said: ${text}`);
    }
  });

  it("stops the answer that is being written, and forgets that as well", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    const usual = coze.answer;
    coze.answer = () => [...say("Once upon a time", { chunk: 100 }), gate(rest.opened), ...say(".")];
    await world().ask(person, room, "Tell me of Minka.", "Once upon a time");

    chat.command(person, room, "new");
    await world().hears(room, "Once upon a time\n\n⏹ Stopped.");
    await world().hears(room, done);
    rest.open();
    coze.answer = usual;

    await world().ask(person, room, "What did I say?", nothing);
  });

  it("holds for whoever gave it, and after a restart", async () => {
    const { chat } = world();
    const [someone, other] = [world().someone(), world().someone()];
    await world().ask(someone.person, someone.room, "I am Ann.", "You said: I am Ann.");
    await world().ask(other.person, other.room, "I am Bob.", "You said: I am Bob.");

    chat.command(someone.person, someone.room, "new");
    await world().hears(someone.room, done);
    await world().ended(other.person);
    await world().bridge.kill();
    await world().restart();

    await world().ask(someone.person, someone.room, "What did I say?", nothing);
    await world().ask(other.person, other.room, "What did I say?", "You said:\n• I am Bob.");
  });

  if (mode !== "chatflow-app") return;

  it("takes another conversation when Coze does not clear the former", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");

    coze.faults.add({ method: clear, times: Number.POSITIVE_INFINITY, effect: cozeError(4000, "no such endpoint") });
    chat.command(person, room, "new");
    await world().hears(room, done);

    await world().ask(person, room, "What did I say?", nothing);
  });

  it("says that it did not work when Coze neither clears nor makes one, and remembers everything", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    await world().ask(person, room, "My cat is called Minka.", "You said: My cat is called Minka.");

    for (const method of [clear, create]) {
      coze.faults.add({ method, times: Number.POSITIVE_INFINITY, effect: cozeError(4000, "not now") });
    }
    chat.command(person, room, "new");
    await world().shown(room, (text) => text.includes("I could not start over"), 1);

    await world().ask(person, room, "What did I say?", "You said:\n• My cat is called Minka.");
  });
});

describeEachPlatform("The command /new is answered in time", {}, (world) => {
  it("to the person alone in a group of a server", async () => {
    const { chat } = world();
    const ann = chat.addPerson({ name: "Ann" });
    const group = chat.addGroup("Everyone", [ann]);

    chat.command(ann, group, "new");
    const answer = await world().hears(group, done);

    if (chat.name === "discord") {
      expect(answer.onlyFor?.id).toBe(ann.id);
      expect(chat.failedInteractions).toEqual([]);
    }
  });
});
