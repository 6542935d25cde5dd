import { describe, expect, it, onTestFinished } from "vitest";
import { needTools, type Script, say, useResults } from "../../../src/playground/coze/index.ts";
import type { DeclaredTool } from "../../../src/tools/declared-tool.ts";
import { closedGate } from "../../support/gate.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { type PlatformName, platformNames } from "../../support/world.ts";
import { startHttpServer } from "../coze/http-server.ts";
import { startLiveBridge } from "../live-bridge.ts";

const endless = { name: "x".repeat(5000), arguments: {} };
const use = (name: string) => needTools({ name, arguments: {} });
const at = (text: string): Script => say(text, { chunk: Number.POSITIVE_INFINITY });
const tell = useResults(([result]) => at(`It is ${result?.output}.`));

/** A bridge whose tools `clock` and `calendar` are at work until they are told to answer. */
async function start(platform: PlatformName, toolStatus: boolean, script: Script) {
  const work = { clock: closedGate(), calendar: closedGate() };
  const server = await startHttpServer(({ path }, response) => {
    const { opened } = path === "/clock" ? work.clock : work.calendar;
    void opened.then(() => response.end(path.slice(1)));
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const declared = (name: string): readonly [string, DeclaredTool] => {
    return [name, { url: `${server.base}/${name}`, method: "POST", headers: {}, timeoutMs: 86_400_000 }];
  };
  const clock = createManualClock();
  const tools = new Map([declared("clock"), declared("calendar")]);
  const live = await startLiveBridge({ platform, clock, tools, show: { toolStatus } });
  live.coze.answer = () => script;
  await live.receive();
  live.say("time?");
  await server.received(1);
  /** Everything that was ever to be seen. */
  const seen = () => live.chat.botMessages(live.room).flatMap(({ revisions }) => revisions.map(({ text }) => text));
  return { live, clock, server, work, seen };
}

describe.each(platformNames)("a tool at work on %s", (platform) => {
  it("is told by the beginning of its name where a model made up an endless one", async () => {
    const script = [needTools({ name: "clock", arguments: {} }, endless), tell];
    const { live, clock, work } = await start(platform, true, script);
    await clock.advance(1500);
    await live.until("the word", (texts) => texts.some((text) => text.endsWith(` ${"x".repeat(59)}…`)));
    work.clock.open();
    await live.ended();
  });

  it("is told after a second and a half, and the answer takes the place of that word", async () => {
    const { live, clock, work } = await start(platform, true, [use("clock"), tell]);
    await clock.advance(1499);
    expect(live.texts()).toEqual([]);
    await clock.advance(1);
    await live.reads("🔧 Using clock");
    work.clock.open();
    await clock.moveUntil(live.ended());
    expect(live.texts()).toEqual(["It is clock."]);
    expect(live.chat.botMessages(live.room)).toHaveLength(1);
  });

  it("is not told when it is done before, below text neither", async () => {
    const { live, clock, work, seen } = await start(platform, true, [...at("Well."), use("clock"), tell]);
    await clock.advance(1499);
    work.clock.open();
    await clock.moveUntil(live.ended());
    expect(live.texts()).toEqual(["Well.\n\nIt is clock."]);
    await clock.advance(20_000);
    expect(seen().join()).not.toContain("🔧");
  });

  it("gives way to the next one, which is told a second and a half later", async () => {
    const { live, clock, work, server, seen } = await start(platform, true, [use("clock"), use("calendar"), tell]);
    await clock.advance(1500);
    await live.reads("🔧 Using clock");
    work.clock.open();
    await server.received(2);
    await clock.advance(1499);
    expect(seen()).toEqual(["🔧 Using clock"]);
    await clock.advance(1);
    await clock.moveUntil(live.reads("🔧 Using calendar"));
    work.calendar.open();
    await clock.moveUntil(live.ended());
    expect(live.texts()).toEqual(["It is calendar."]);
  });

  it("is told nobody as long as that is not asked for", async () => {
    const { live, clock, work, seen } = await start(platform, false, [use("clock"), tell]);
    await clock.advance(60_000);
    work.clock.open();
    await clock.moveUntil(live.ended());
    expect(seen()).toEqual(["It is clock."]);
  });
});
