import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Room, ShownMessage } from "../../src/playground/chat-platform.ts";
import {
  complete,
  gate,
  message,
  needTools,
  pauseFor,
  type Script,
  say,
  toolCall,
  useResults,
} from "../../src/playground/coze/index.ts";
import { type FastTime, startFastTime } from "../support/fast-time.ts";
import { closedGate, type Gate } from "../support/gate.ts";
import { type PlatformName, platformNames, type StartedWorld, startWorld } from "../support/world.ts";
import { startHttpServer } from "../unit/coze/http-server.ts";
import { temporaryFolder } from "../unit/temporary-folder.ts";

/** In this time a tool is at work for long after 150 ms. */
const FACTOR = 10;

/** All at once, so that it takes one call to show. */
const at = (text: string): Script => say(text, { chunk: Number.POSITIVE_INFINITY });

/** The plugin is at work until the gate opens. */
function usePlugin(name: string, done: Gate): Script {
  const [call, result] = toolCall(name, { city: "Paris" }, "grey");
  return [...(call ? [call] : []), gate(done.opened), ...(result ? [result] : [])];
}

async function begin(platform: PlatformName, environment: Readonly<Record<string, string>>): Promise<StartedWorld> {
  const time: FastTime = startFastTime(FACTOR);
  const world = await startWorld({ platform, environment, time });
  onTestFinished(async () => {
    await world.close();
    world.assertDiscretion();
  });
  return world;
}

/** Declares a tool of the operator's that is at work until the gate opens. */
async function declareTool(name: string, done: Gate): Promise<Readonly<Record<string, string>>> {
  const server = await startHttpServer((_, response) => void done.opened.then(() => response.end("grey sky")));
  onTestFinished(() => server[Symbol.asyncDispose]());
  const file = join(temporaryFolder(), "tools.json");
  writeFileSync(file, JSON.stringify({ tools: { [name]: { url: `${server.base}/${name}` } } }));
  return { TOOLS_FILE: file };
}

function onlyMessage({ chat }: StartedWorld, room: Room): ShownMessage {
  const [only, ...others] = chat.botMessages(room);
  if (!only || others.length > 0) throw new Error("there is not one message");
  return only;
}

describe.each(platformNames)("TOOL_STATUS=true on %s", (platform) => {
  const TOOL_STATUS = "true";

  it("tells which plugin is at work, below what was said, and leaves no trace of it", async () => {
    const world = await begin(platform, { TOOL_STATUS });
    const { person, room } = world.someone();
    const [first, second] = [closedGate(), closedGate()];
    world.coze.answer = () => [
      ...usePlugin("get_weather", first),
      ...at("One moment."),
      complete(),
      ...usePlugin("look_*up*", second),
      ...at("It rains."),
    ];
    world.chat.say(person, room, "Does it rain?");
    const begun = await world.hears(room, "🔧 Using get_weather");
    first.open();
    await world.hears(room, "One moment.\n\n🔧 Using look_*up*");
    second.open();
    await world.hears(room, "One moment.\n\nIt rains.");
    await world.ended(person);
    expect(onlyMessage(world, room).id).toBe(begun.id);
    expect(onlyMessage(world, room).revisions.at(-1)?.entities).toEqual([]);
  });

  it("tells which tool of the operator's is at work", async () => {
    const done = closedGate();
    const world = await begin(platform, { TOOL_STATUS, ...(await declareTool("weather", done)) });
    const { person, room } = world.someone();
    world.coze.answer = () => [
      ...at("One moment."),
      needTools({ name: "weather", arguments: { city: "Paris" } }),
      useResults(([result]) => at(`There is a ${result?.output}.`)),
    ];
    world.chat.say(person, room, "Does it rain?");
    await world.hears(room, "One moment.\n\n🔧 Using weather");
    done.open();
    await world.hears(room, "One moment.\n\nThere is a grey sky.");
    await world.ended(person);
    expect(world.reads(onlyMessage(world, room))).toBe("One moment.\n\nThere is a grey sky.");
  });

  it("puts the answer in the place of it when the process is killed meanwhile", async () => {
    const world = await begin(platform, { TOOL_STATUS });
    const { person, room } = world.someone();
    const done = closedGate();
    world.coze.answer = () => [...usePlugin("get_weather", done), ...at("It rains.")];
    world.chat.say(person, room, "Does it rain?");
    const begun = await world.hears(room, "🔧 Using get_weather");
    await world.bridge.kill();
    await world.restart();
    done.open();
    expect((await world.hears(room, "It rains.")).id).toBe(begun.id);
    expect(onlyMessage(world, room).id).toBe(begun.id);
  });

  it("puts the end in the place of it when the answer is stopped or empty", async () => {
    const world = await begin(platform, { TOOL_STATUS });
    const { chat, coze } = world;
    const [stopped, empty] = [world.someone(), world.someone()];
    const [never, done] = [closedGate(), closedGate()];
    coze.answer = ({ text }) => usePlugin("get_weather", text === "Stop." ? never : done);
    chat.say(stopped.person, stopped.room, "Stop.");
    chat.say(empty.person, empty.room, "Go on.");
    await world.hears(stopped.room, "🔧 Using get_weather");
    await world.hears(empty.room, "🔧 Using get_weather");
    chat.command(stopped.person, stopped.room, "stop");
    await world.hears(stopped.room, "⏹ Stopped.");
    done.open();
    await world.hears(empty.room, "⚠️ The agent gave an empty answer. Please ask again, or differently.");
    for (const room of [stopped.room, empty.room]) {
      expect(chat.botMessages(room).map(({ text }) => text)).not.toContainEqual(expect.stringContaining("🔧"));
    }
  });
});

describe.each(platformNames)("TOOL_STATUS on %s", (platform) => {
  it.each([
    ["that is not set shows nothing of the tools", {}, false],
    ["that is set does", { TOOL_STATUS: "true" }, true],
  ])("%s", async (_, environment, isShown) => {
    const world = await begin(platform, environment);
    const { person, room } = world.someone();
    const call = message("function_call", JSON.stringify({ name: "getWeather", arguments: {} }));
    world.coze.answer = () => [call, pauseFor(6000), ...at("It rains.")];
    world.chat.say(person, room, "Does it rain?");
    await world.hears(room, "It rains.");
    await world.ended(person);
    const { revisions } = onlyMessage(world, room);
    expect(revisions.some(({ text }) => text.includes("getWeather"))).toBe(isShown);
    expect(JSON.stringify(world.chat.calls).includes("getWeather")).toBe(isShown);
  });
});
