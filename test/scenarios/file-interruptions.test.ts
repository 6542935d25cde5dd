import { expect, it } from "vitest";
import type { Person } from "../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { itemsOf, uploadRequests, uploadsOf } from "../support/asked-files.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { holdLedger, turnReaches } from "../support/ledger.ts";
import { platformFaults } from "../support/platform-faults.ts";
import { picture } from "../support/sent-files.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

const uploading = "POST /v1/files/upload";
const hang: FaultEffect = { kind: "hang", applied: false };
const hangApplied: FaultEffect = { kind: "hang", applied: true };

/** A moment in which a picture is on its way. */
interface Moment {
  readonly title: string;
  /** How often the picture goes to Coze in the end. */
  readonly uploads: number;
  /** Makes the question stay in this moment. */
  readonly plan: (world: World) => void;
  /** Resolves when it is there, with what makes an end to it once the process is dead. */
  readonly reach: (world: World, person: Person) => Promise<() => void>;
}

const nothing = () => undefined;

const moments: readonly Moment[] = [
  {
    title: "the platform has not sent it",
    uploads: 1,
    plan: ({ chat }) => chat.faults.add({ method: platformFaults[chat.name].download, effect: hang }),
    reach: (world) => isFetched(world),
  },
  {
    title: "Coze has not taken it",
    uploads: 2,
    plan: ({ coze }) => coze.faults.add({ method: uploading, effect: hang }),
    reach: (world, person) => isSent(world, person),
  },
  {
    title: "Coze has taken it and not said so",
    uploads: 2,
    plan: ({ coze }) => coze.faults.add({ method: uploading, effect: hangApplied }),
    reach: (world, person) => isSent(world, person),
  },
  {
    title: "Coze has taken it and that is not noted",
    uploads: 2,
    plan: ({ coze }) => coze.faults.add({ method: uploading, effect: { kind: "delay", ms: 500 } }),
    reach: async (world, person) => {
      await isSent(world, person);
      const release = holdLedger(world.environment.DATABASE_PATH ?? "");
      await world.coze.until("it is taken", () => uploadRequests(world, person).some(({ status }) => status === 200));
      return release;
    },
  },
  {
    title: "the question has not arrived",
    uploads: 1,
    plan: ({ coze }) => coze.faults.add({ method: "POST /v3/chat", effect: hang }),
    reach: (world, person) => isAsked(world, person),
  },
  {
    title: "the question has arrived and Coze has not said so",
    uploads: 1,
    plan: ({ coze }) => coze.faults.add({ method: "POST /v3/chat", effect: hangApplied }),
    reach: (world, person) => isAsked(world, person),
  },
];

async function isFetched({ chat }: World): Promise<() => void> {
  const { download } = platformFaults[chat.name];
  const before = chat.calls.filter(({ method }) => method === download).length;
  await chat.until("the file is fetched", () => chat.calls.filter(({ method }) => method === download).length > before);
  return nothing;
}

async function isSent(world: World, person: Person): Promise<() => void> {
  await world.coze.until("the file is sent", () => uploadRequests(world, person).length > 0);
  return nothing;
}

async function isAsked(world: World, person: Person): Promise<() => void> {
  const { coze, environment } = world;
  await coze.until("it is asked", () => cozeQuestions(coze, world.sessionName(person)).length > 0);
  await turnReaches(environment.DATABASE_PATH ?? "", world.sessionName(person), "asked");
  return nothing;
}

describeEachPlatform("The process is killed with a picture on its way", {}, (world) => {
  it.each(moments)("$title: the question is asked once, with the picture", async ({ uploads, plan, reach }) => {
    const { chat, coze } = world();
    const { person, room } = world().someone();
    plan(world());
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    const release = await reach(world(), person);
    await world().bridge.kill();
    release();
    coze.faults.clear();
    chat.faults.clear();
    await world().restart();

    await world().shown(room, (text) => text.includes("You said: What is this?"));
    await world().ended(person);
    await world().ask(person, room, "Thanks.", "You said: Thanks.");
    expect(chat.botMessages(room)).toHaveLength(2);
    const [conversation, ...others] = coze.conversations.filter(
      ({ sessionName }) => sessionName === world().sessionName(person),
    );
    expect(others).toEqual([]);
    expect(conversation?.messages.filter(({ role }) => role === "user")).toHaveLength(2);
    expect(uploadRequests(world(), person)).toHaveLength(uploads);
    const upload = uploadsOf(world(), person).at(-1);
    const words = { type: "text", text: "What is this?" };
    for (const question of cozeQuestions(coze, world().sessionName(person)).slice(0, -1)) {
      expect(itemsOf(question)).toEqual([words, { type: "image", file_id: upload?.id }]);
    }
  });
});

describeEachPlatform("A picture is long on its way", {}, (world, platform) => {
  it.each(["from the platform", "to Coze"])("%s: /stop ends that, and what is said next is answered", async (way) => {
    const { chat, coze } = world();
    const { person, room } = world().someone();
    const isToCoze = way === "to Coze";
    if (isToCoze) coze.faults.add({ method: uploading, effect: hang });
    else chat.faults.add({ method: platformFaults[platform].download, effect: hang });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    await (isToCoze ? isSent(world(), person) : isFetched(world()));

    chat.command(person, room, "stop");
    await world().hears(room, "Stopped.");
    await world().ask(person, room, "Hello.", "You said: Hello.");
    const requests = uploadRequests(world(), person);
    if (isToCoze) expect(requests.map(({ aborted }) => aborted)).toEqual([true]);
    else expect(requests).toEqual([]);
    expect(cozeQuestions(coze, world().sessionName(person)).map(({ text }) => text)).toEqual(["Hello."]);
    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["Stopped.", "You said: Hello."]);
    expect(uploadsOf(world(), person)).toEqual([]);
  });

  it("and what the same person asks meanwhile waits for it", async () => {
    const { chat, coze } = world();
    const { person, room } = world().someone();
    coze.faults.add({ method: uploading, effect: { kind: "delay", ms: 1000 } });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    await isSent(world(), person);
    chat.say(person, room, "And that?");

    await world().hears(room, "You said: And that?");
    const [first, second] = cozeQuestions(coze, world().sessionName(person));
    expect(first && itemsOf(first)[0]).toEqual({ type: "text", text: "What is this?" });
    expect(second?.text).toBe("And that?");
    expect(chat.botMessages(room).map(({ text }) => text.split("\n")[0])).toEqual([
      "You said: What is this?",
      "You said: And that?",
    ]);
  });

  it("and others are answered meanwhile", async () => {
    const { chat, coze } = world();
    const [ann, bob] = [world().someone(), world().someone()];
    coze.faults.add({ method: uploading, effect: hang });
    chat.sendFile(ann.person, ann.room, [picture]);
    await isSent(world(), ann.person);
    await world().ask(bob.person, bob.room, "Hello.", "You said: Hello.");
    expect(chat.botMessages(ann.room)).toEqual([]);
  });
});
