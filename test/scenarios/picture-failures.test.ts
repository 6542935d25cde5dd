import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Room } from "../../src/playground/chat-platform.ts";
import { followUp, say } from "../../src/playground/coze/index.ts";
import { startFastTime } from "../support/fast-time.ts";
import { hanging, leadingTo, refusing, type Serving, startLinkServer } from "../support/link-server.ts";
import { expectSeen, fileCall, fileCalls, linked } from "../support/linked-files.ts";
import { describeEachPlatform, platformNames, type StartedWorld, startWorld, type World } from "../support/world.ts";

const server = await startLinkServer();
afterAll(() => server.close());

const environment = { MEDIA_PRIVATE_HOSTS: server.host };

/** No platform takes, and no answer brings, a file of this size. In bytes. */
const tooManyBytes = 20_000_001;

/** What a link can lead to instead of a picture, and how the operator finds it. */
const failures: readonly { readonly title: string; readonly serving: Serving; readonly code: string }[] = [
  { title: "is not there", serving: refusing(404), code: "refused" },
  { title: "has expired", serving: refusing(403), code: "refused" },
  { title: "meets a failing server", serving: refusing(500), code: "refused" },
  { title: "breaks off", serving: breakOff, code: "unreachable" },
  { title: "meets a server that hangs up", serving: (response) => response.destroy(), code: "unreachable" },
  {
    title: "is a web page",
    serving: (response) => response.writeHead(200, { "Content-Type": "image/png" }).end("<!doctype html><p>Sign in"),
    code: "not-media",
  },
  {
    title: "is a drawing with a script",
    serving: (response) => response.end("<svg onload='x()'/>"),
    code: "not-media",
  },
  { title: "is empty", serving: (response) => response.end(), code: "not-media" },
  {
    title: "is said to be too large",
    serving: (response) => response.writeHead(200, { "Content-Length": tooManyBytes }).flushHeaders(),
    code: "too-large",
  },
  {
    title: "turns out to be too large",
    serving: (response) => response.end(Buffer.alloc(tooManyBytes, linked.moon)),
    code: "too-large",
  },
  { title: "leads in a circle", serving: circle, code: "too-many-redirects" },
];

function breakOff(response: Parameters<Serving>[0]): void {
  response.writeHead(200, { "Content-Length": linked.moon.length });
  response.write(linked.moon.subarray(0, 1000), () => response.destroy());
}

function circle(response: Parameters<Serving>[0]): unknown {
  return leadingTo("#again")(response);
}

/** What a person may not be shown of a failure. */
const internals = /secret-of-server|stack|error|HTTP|undefined|not-media|MediaError/;

/** Whether the bot ever wrote anything of this into a room. */
function wroteInternals({ chat }: World, room: Room): boolean {
  return chat.botMessages(room).some(({ revisions }) => revisions.some(({ text }) => internals.test(text)));
}

/** The bot's last message has the address behind the words of the link. */
function expectLinkIn({ chat }: World, room: Room, link: string): void {
  expect(JSON.stringify(chat.botMessages(room).at(-1)?.revisions.at(-1))).toContain(link);
}

describeEachPlatform(
  "A picture that can't be had stays a link, at its place in the whole text",
  { environment },
  (world) => {
    it.each(failures)("one that $title", async ({ serving, code }) => {
      const somebody = world().someone();
      const link = server.link("moon.png", serving);
      world().coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nNice.`);
      world().chat.say(somebody.person, somebody.room, "Show me the moon.");
      await expectSeen(world(), somebody, ["Look:", "The moon\n\nNice."]);
      expectLinkIn(world(), somebody.room, link);
      expect(wroteInternals(world(), somebody.room)).toBe(false);
      expect(fileCalls(world(), somebody.room)).toEqual([]);
      const isIt = ({ err }: { readonly err?: unknown }) => (err as { readonly code?: string }).code === code;
      await world().bridge.logged("a link to a file stays a link", isIt);
    });

    it("and the others of its album are sent", async () => {
      const somebody = world().someone();
      const missing = server.link("noon.png", refusing(404));
      const links = [server.link("moon.png", linked.moon), missing, server.link("mist.png", linked.mist)];
      world().coze.answer = () => say(`Look:\n\n${links.map((link) => `![A picture](${link})`).join("\n")}\n\nNice.`);
      world().chat.say(somebody.person, somebody.room, "Show me all.");
      await expectSeen(world(), somebody, ["Look:", "[moon]", "[mist]", "A picture\n\nNice."]);
      expectLinkIn(world(), somebody.room, missing);
      expect(fileCalls(world(), somebody.room)).toHaveLength(1);
    });

    it("also where it is all of the answer, and the next question is answered", async () => {
      const somebody = world().someone();
      const link = server.link("moon.png", refusing(404));
      world().coze.answer = ({ text }) => say(text === "Thanks." ? "Sorry." : `![The moon](${link})`);
      world().chat.say(somebody.person, somebody.room, "Show me the moon.");
      await expectSeen(world(), somebody, ["The moon"]);
      expectLinkIn(world(), somebody.room, link);
      await world().ask(somebody.person, somebody.room, "Thanks.", "Sorry.");
    });

    it("and so does one that the platform does not take", async () => {
      const { coze, chat } = world();
      const somebody = world().someone();
      const link = server.link("moon.png", linked.moon);
      const body = {
        ok: false,
        error_code: 400,
        description: "Bad Request: strange",
        code: 50_035,
        message: "strange",
      };
      chat.faults.add({
        ...fileCall[chat.name],
        times: Number.POSITIVE_INFINITY,
        effect: { kind: "reply", status: 400, body },
      });
      coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nNice.`);
      chat.say(somebody.person, somebody.room, "Show me the moon.");
      await expectSeen(world(), somebody, ["Look:", "The moon\n\nNice."]);
      expectLinkIn(world(), somebody.room, link);
      expect(chat.transcript()).not.toContain("strange");
    });
  },
);

describeEachPlatform(
  "In the answer to a suggested question",
  { environment: { ...environment, BUTTONS: "follow-ups" } },
  (world) => {
    it("pictures are shown, and links stay where there is none", async () => {
      const { coze, chat } = world();
      const somebody = world().someone();
      const missing = server.link("noon.png", refusing(404));
      const second = `![](${server.link("moon.png", linked.moon)})\n\nand\n\n![Noon](${missing})`;
      coze.answer = ({ text }) => (text === "Hello." ? [...say("Hi."), followUp("Show me both.")] : say(second));
      chat.say(somebody.person, somebody.room, "Hello.");
      const isOffered = () => chat.botMessages(somebody.room).find(({ buttons }) => buttons.length > 0);
      const answer = await chat.until("the button", isOffered);
      chat.press(somebody.person, answer, "Show me both.");
      await chat.until("the second answer", () => chat.botMessages(somebody.room).length >= 4);
      await expectSeen(world(), somebody, ["Hi.", "[moon]", "and", "Noon"]);
      expectLinkIn(world(), somebody.room, missing);
    });
  },
);

describe.each(platformNames)("A server takes its time (%s)", (platform) => {
  const time = startFastTime(20);
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform, environment, time });
  });
  afterAll(async () => {
    await world.close();
    world.assertDiscretion();
  });

  /** A byte now and then, for ever. */
  const dripping: Serving = (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("\u0089"), time.real(5000));
    response.on("close", () => clearInterval(timer));
  };

  it.each<[string, Serving, number]>([
    ["says nothing", hanging, 20_000],
    ["falls silent", (response) => response.write(linked.moon.subarray(0, 1000)), 20_000],
    ["is far too slow", dripping, 60_000],
  ])("one that %s is waited for so long, then the link stays", async (_title, serving, limitMs) => {
    const somebody = world.someone();
    const link = server.link("moon.png", serving);
    world.coze.answer = () => say(`Look:\n\n![The moon](${link})\n\nNice.`);
    const askedAt = time.clock.now();
    world.chat.say(somebody.person, somebody.room, "Show me the moon.");
    await expectSeen(world, somebody, ["Look:", "The moon\n\nNice."]);
    expectLinkIn(world, somebody.room, link);
    expect(wroteInternals(world, somebody.room)).toBe(false);
    const shownAt = world.chat.botMessages(somebody.room).at(-1)?.revisions[0]?.at ?? 0;
    expect(shownAt - askedAt).toBeGreaterThanOrEqual(limitMs);
    expect(shownAt - askedAt).toBeLessThan(limitMs + 15_000);
  });
});
