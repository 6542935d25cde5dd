import { afterAll, expect, it } from "vitest";
import { gate, say } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { afterGate, leadingTo, startLinkServer } from "../support/link-server.ts";
import { expectSeen, fileCalls, linked, seenIn, wasLinkSent } from "../support/linked-files.ts";
import { markedText } from "../support/outcome.ts";
import { describeEachPlatform, modeNames } from "../support/world.ts";

const server = await startLinkServer();
afterAll(() => server.close());

const environment = { MEDIA_PRIVATE_HOSTS: server.host };

for (const mode of modeNames) {
  describeEachPlatform("An answer with a picture in it", { mode, environment }, (world) => {
    it("is text, the picture's very bytes and text, in this order and without the link", async () => {
      const somebody = world().someone();
      const link = server.link("moon.png", linked.moon);
      world().coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nIt is *bright*.`);
      world().chat.say(somebody.person, somebody.room, "Show me the moon.");
      await expectSeen(world(), somebody, ["Look:", "[moon]", "It is bright."]);
      expect(wasLinkSent(world(), somebody.room)).toBe(false);
      expect(server.timesOpened(link)).toBe(1);
      const [first, ...others] = world().chat.botMessages(somebody.room);
      expect(first?.replyToId).toBe(world().chat.messages(somebody.room)[0]?.id);
      expect(others.map(({ replyToId }) => replyToId)).toEqual([undefined, undefined]);
    });
  });
}

function album(): string {
  return threePictures()
    .map((link) => `![](${link})`)
    .join("\n");
}

function threePictures(): string[] {
  return [linked.moon, linked.noon, linked.mist].map((bytes, n) => server.link(`${n}.png`, bytes));
}

/** Links to files, as answers write them. */
const forms: readonly {
  readonly title: string;
  readonly answer: () => string;
  readonly seen: readonly string[];
  /** Default 1. */
  readonly calls?: number;
}[] = [
  {
    title: "a picture alone",
    answer: () => `![](${server.link("moon.png", linked.moon)})`,
    seen: ["[moon]"],
  },
  {
    title: "a picture at the beginning",
    answer: () => `![The moon](${server.link("moon.png", linked.moon)})\n\nThat was it.`,
    seen: ["[moon]", "That was it."],
  },
  {
    title: "a picture at the end",
    answer: () => `Look:\n\n![The moon](${server.link("moon.png", linked.moon)})`,
    seen: ["Look:", "[moon]"],
  },
  {
    title: "a picture in HTML",
    answer: () => `Look:\n\n<img src="${server.link("moon.png", linked.moon)}" alt="The moon">\n\nNice.`,
    seen: ["Look:", "[moon]", "Nice."],
  },
  {
    title: "a bare link on a line of its own",
    answer: () => `Look:\n\n${server.link("moon.png", linked.moon)}\n\nNice.`,
    seen: ["Look:", "[moon]", "Nice."],
  },
  {
    title: "a bare link within a sentence, with a signature",
    answer: () => `Look: ${server.link("moon.png", linked.moon)}?x-expires=1795&x-signature=a%2Bb%3D so bright`,
    seen: ["Look: so bright", "[moon]"],
  },
  {
    title: "a link to a PDF, whose words stay",
    answer: () => `See [the report](${server.link("report.pdf", linked.report)}) for more.`,
    seen: ["See the report for more.", "[report]"],
  },
  {
    title: "a picture that another address leads to",
    answer: () => `Look:\n\n![](${server.link("short.png", leadingTo(server.link("moon.png", linked.moon)))})`,
    seen: ["Look:", "[moon]"],
  },
  {
    title: "several pictures, as one album",
    answer: () => `Look:\n\n${album()}\n\nNice.`,
    seen: ["Look:", "[moon]", "[noon]", "[mist]", "Nice."],
  },
  {
    title: "a picture and a document, which make no album",
    answer: () =>
      `![](${server.link("moon.png", linked.moon)})\n\n[Report](${server.link("report.pdf", linked.report)})`,
    seen: ["[moon]", "Report", "[report]"],
    calls: 2,
  },
  {
    title: "text between each of several pictures",
    answer: () =>
      `One\n\n![](${server.link("1.png", linked.moon)})\n\nTwo\n\n![](${server.link("2.png", linked.noon)})\n\nThree`,
    seen: ["One", "[moon]", "Two", "[noon]", "Three"],
    calls: 2,
  },
];

describeEachPlatform("Files that an answer links to stand in the chat", { environment }, (world) => {
  it.each(forms)("$title", async ({ answer, seen, calls = 1 }) => {
    const somebody = world().someone();
    const text = answer();
    world().coze.answer = () => say(text);
    world().chat.say(somebody.person, somebody.room, "Show me.");
    await expectSeen(world(), somebody, seen);
    expect(fileCalls(world(), somebody.room).map(({ status }) => status)).toEqual(Array(calls).fill(200));
    expect(wasLinkSent(world(), somebody.room)).toBe(false);
  });

  it("while the text behind them is still being written", async () => {
    const { coze, chat } = world();
    const somebody = world().someone();
    const rest = closedGate();
    const link = server.link("moon.png", linked.moon);
    coze.answer = () => [
      ...say(`Look:\n\n![The moon](${link})\n\nIt is bright`, { chunk: 3, everyMs: 20 }),
      gate(rest.opened),
      ...say(" and round.", { chunk: 3, everyMs: 20 }),
    ];
    chat.say(somebody.person, somebody.room, "Show me the moon.");
    await chat.until("the picture, and text behind it", () => seenIn(world(), somebody.room).length === 3);
    expect(seenIn(world(), somebody.room).slice(0, 2)).toEqual(["Look:", "[moon]"]);
    rest.open();
    await world().hears(somebody.room, "It is bright and round.");
    await expectSeen(world(), somebody, ["Look:", "[moon]", "It is bright and round."]);
    expect(fileCalls(world(), somebody.room)).toHaveLength(1);
    expect(server.timesOpened(link)).toBe(1);
    expect(wasLinkSent(world(), somebody.room)).toBe(false);
  });

  it("in a group, where only the first message is a reply", async () => {
    const { coze, chat } = world();
    const person = chat.addPerson();
    const room = chat.addGroup("Astronomers", [person]);
    coze.answer = () => say(`![](${server.link("moon.png", linked.moon)})\n\nThat was the moon.`);
    const question = chat.say(person, room, "Show me the moon.", { mention: true });
    await expectSeen(world(), { person, room }, ["[moon]", "That was the moon."]);
    expect(chat.botMessages(room).map(({ replyToId }) => replyToId)).toEqual([question.id, undefined]);
  });

  it("for two people at once, to each their own", async () => {
    const { coze, chat } = world();
    const [ann, bob] = [world().someone(), world().someone()];
    const late = closedGate();
    const annsLink = server.link("moon.png", afterGate(late.opened, linked.moon));
    const answers = new Map([
      ["The moon, please.", `Look:\n\n![](${annsLink})\n\nNice.`],
      ["Noon, please.", `See:\n\n![](${server.link("noon.png", linked.noon)})\n\nWarm.`],
    ]);
    coze.answer = ({ text }) => say(answers.get(text) ?? "");
    chat.say(ann.person, ann.room, "The moon, please.");
    await server.opened(annsLink);
    chat.say(bob.person, bob.room, "Noon, please.");
    await expectSeen(world(), bob, ["See:", "[noon]", "Warm."]);
    expect(seenIn(world(), ann.room)).toEqual(["Look:"]);
    late.open();
    await expectSeen(world(), ann, ["Look:", "[moon]", "Nice."]);
  });

  it("in a long answer of several messages, each at its place", async () => {
    const { coze, chat } = world();
    const somebody = world().someone();
    const paragraphs = markedText("k1", 1100).split("\n\n");
    const texts = [paragraphs.slice(0, 32), paragraphs.slice(32, 34), paragraphs.slice(34, 42), paragraphs.slice(42)];
    const pictures = threePictures().map((link) => `![](${link})`);
    const answer = texts.flatMap((text, n) => [...text, pictures[n] ?? ""]).join("\n\n");
    coze.answer = () => say(answer, { chunk: 400, everyMs: 20 });
    chat.say(somebody.person, somebody.room, "Tell me all.");
    await chat.until("the end", () => seenIn(world(), somebody.room).at(-1)?.endsWith("k1-1100"));
    await world().ended(somebody.person);
    const names = ["[moon]", "[noon]", "[mist]"];
    const expected = texts.flatMap((text, n) => [...text, names[n] ?? ""]);
    expect(wordsOf(seenIn(world(), somebody.room))).toEqual(wordsOf(expected));
    expect(chat.botMessages(somebody.room).length).toBeGreaterThan(texts.length + pictures.length);
    expect(wasLinkSent(world(), somebody.room)).toBe(false);
  });
});

function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== "");
}
