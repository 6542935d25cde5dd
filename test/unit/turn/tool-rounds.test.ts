import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MessageEvent } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import { Settings } from "../../../src/config/settings.ts";
import { readToolsFile } from "../../../src/config/tools-file.ts";
import { conversationOf } from "../../../src/conversations/conversations.ts";
import type { ToolCall } from "../../../src/coze/events.ts";
import { en } from "../../../src/locale/en.ts";
import { createLogger } from "../../../src/logger.ts";
import {
  cozeError,
  cut,
  gate,
  needTools,
  type Script,
  say,
  silence,
  type ToolResult,
  useResults,
} from "../../../src/playground/coze/index.ts";
import type { DeclaredTools } from "../../../src/tools/declared-tool.ts";
import { createTools } from "../../../src/tools/tools.ts";
import { closedGate } from "../../support/gate.ts";
import { platformNames } from "../../support/world.ts";
import { type HttpServer, type Responder, startHttpServer } from "../coze/http-server.ts";
import { inboxOf } from "../inbox.ts";
import { createClient, type LiveBridge, modeOf, startLiveBridge } from "../live-bridge.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const secret = "s3cret-of-no-known-shape";
const submit = "POST /v3/chat/submit_tool_outputs";
const weather = (city: string) => ({ name: "weather", arguments: { city } });
const clock = { name: "clock", arguments: {} };

/** An endpoint that answers with its name and what it was given. */
const echo: Responder = ({ path, body }, response) => response.end(`${path.slice(1)} ${JSON.stringify(body)}`);

async function serve(respond: Responder = echo): Promise<HttpServer> {
  const server = await startHttpServer(respond);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** The tools `weather` and `clock` as an operator declares them, at a server. */
function declare({ base }: HttpServer, timeoutMs = 10_000): DeclaredTools {
  const path = join(temporaryFolder(), "tools.json");
  const headers = { authorization: `Bearer \${WEATHER_TOKEN}` };
  const tool = (name: string) => ({ url: `${base}/${name}`, headers, timeoutMs });
  writeFileSync(path, JSON.stringify({ tools: { weather: tool("weather"), clock: tool("clock") } }));
  return readToolsFile(new Settings({ TOOLS_FILE: path }), { WEATHER_TOKEN: secret });
}

const submissions = ({ coze }: LiveBridge) => coze.requests.filter(({ path }) => path.endsWith("/submit_tool_outputs"));
const keysOf = ({ requests }: HttpServer) => requests.map(({ headers }) => headers["idempotency-key"]);
const told = (results: readonly ToolResult[]): Script => say(results.map(({ output }) => output).join("; "));
/** Says what the tools brought. */
const tellResults = useResults(told);

describe.each(platformNames)("an agent with tools of the operator's on %s", (platform) => {
  it("uses two at once, then one more, and goes on in the same message", async () => {
    const waiting: (() => void)[] = [];
    // Neither of the first two gets an answer before both are called.
    const server = await serve((request, response, position) => {
      waiting.push(() => echo(request, response, position));
      if (position > 0) for (const answer of waiting.splice(0)) answer();
    });
    const live = await startLiveBridge({ platform, tools: declare(server) });
    live.coze.answer = () => [
      ...say("One moment."),
      needTools(weather("Paris"), clock),
      tellResults,
      needTools(weather("Rome")),
      useResults(([result]) => say(`And ${result?.output}. That is all.`)),
    ];
    await live.receive();
    live.say("rain?");
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([
      'One moment.\n\nweather {"city":"Paris"}; clock {}\n\nAnd weather {"city":"Rome"}. That is all.',
    ]);
    expect(live.chat.botMessages(live.room)).toHaveLength(1);
    expect(submissions(live)).toHaveLength(2);
    const { chatId } = live.coze.conversations[0]?.messages[0] ?? {};
    for (const key of keysOf(server)) expect(key).toMatch(new RegExp(`^${chatId}-\\w+$`));
    expect(new Set(keysOf(server)).size).toBe(3);
    for (const { headers } of server.requests) expect(headers.authorization).toBe(`Bearer ${secret}`);
    expect(JSON.stringify(live.log)).not.toMatch(/s3cret|Paris|Rome/);
  });

  it.each<[string, Responder, string]>([
    ["hangs", () => undefined, "The tool did not answer in time."],
    ["fails", (_, response) => response.writeHead(500).end("at 10.0.0.7"), "The tool failed with HTTP status 500."],
  ])("hears that one %s, and the answer comes to its end", async (_, respond, sentence) => {
    const server = await serve(respond);
    const live = await startLiveBridge({ platform, tools: declare(server, 100) });
    live.coze.answer = () => [needTools(clock), useResults((results) => say(`Sorry: ${results[0]?.output}`))];
    await live.receive();
    live.say("time?");
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([`Sorry: {"error":"${sentence}"}`]);
    expect(live.log).toContainEqual(expect.objectContaining({ level: "warn", tool: "clock", msg: "a tool failed" }));
    expect(JSON.stringify(live.log)).not.toMatch(/s3cret|10\.0\.0\.7/);
  });

  it("hears that there is no such tool, also where none is declared", async () => {
    const live = await startLiveBridge({ platform });
    live.coze.answer = () => [needTools({ name: "door", arguments: {} }), tellResults];
    await live.receive();
    live.say("open");
    await live.reads('{"error":"There is no tool of this name."}');
    expect(await live.ended()).toMatchObject({ outcome: "delivered" });
  });

  it("that goes on without end is stopped after ten rounds, with a word", async () => {
    const server = await serve();
    const live = await startLiveBridge({ platform, tools: declare(server) });
    live.coze.answer = () => [...say("Well."), ...Array.from({ length: 30 }, () => needTools(clock))];
    await live.receive();
    live.say("time?");
    expect(await live.ended()).toMatchObject({ outcome: "failed", code: "ERR_TURN_TOOL_ROUNDS", level: "warn" });
    expect(live.texts()).toEqual([`Well.\n\n${en.toolRounds}`]);
    expect(server.requests).toHaveLength(10);
    expect(live.coze.requests.filter(({ path }) => path === "/v3/chat/cancel")).toHaveLength(1);
    live.coze.answer = () => say("Fine.");
    live.say("and now?");
    await live.until("the next answer", (texts) => texts.includes("Fine."));
  });

  it("is stopped while one works, and nobody waits for that", async () => {
    const server = await serve(() => undefined);
    const live = await startLiveBridge({ platform, tools: declare(server) });
    live.coze.answer = () => [...say("One moment."), needTools(clock), tellResults];
    await live.receive();
    live.say("time?");
    await server.received(1);
    live.chat.command(live.person, live.room, "stop");
    expect(await live.ended()).toMatchObject({ outcome: "stopped" });
    await live.reads(`One moment.\n\n${en.stoppedHere}`, en.stopDone);
    expect(submissions(live)).toEqual([]);
  });

  it("is cancelled on Coze when it is stopped after it has used one", async () => {
    const live = await startLiveBridge({ platform, tools: declare(await serve()) });
    live.coze.answer = () => [needTools(clock), ...say("It is"), silence()];
    await live.receive();
    live.say("time?");
    await live.reads("It is");
    live.chat.command(live.person, live.room, "stop");
    expect(await live.ended()).toMatchObject({ outcome: "stopped" });
    await live.coze.until("the run to end", () => live.coze.conversations.every(({ isRunning }) => !isRunning));
  });
});

describe("results that may be lost on the way to Coze:", () => {
  const start = async (script: Script, tools?: HttpServer) => {
    const server = tools ?? (await serve());
    const live = await startLiveBridge({ platform: "telegram", tools: declare(server) });
    live.coze.answer = () => [...say("One moment."), needTools(clock), ...script];
    return { live, server };
  };
  const ask = async (live: LiveBridge) => {
    await live.receive();
    live.say("time?");
    return await live.ended();
  };
  const answer = "One moment.\n\nclock {}";

  it.each([
    ["arrived: are not sent again", true, 1],
    ["never arrived: are sent once more", false, 2],
  ])("they %s", async (_, applied, times) => {
    const { live, server } = await start([tellResults]);
    live.coze.faults.add({ method: submit, effect: { kind: "reset", applied } });
    expect(await ask(live)).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([answer]);
    expect(submissions(live)).toHaveLength(times);
    expect(server.requests).toHaveLength(1);
  });

  it("they are lost twice: the turn fails with a word", async () => {
    const { live } = await start([tellResults]);
    live.coze.faults.add({ method: submit, times: 9, effect: { kind: "reset", applied: false } });
    expect(await ask(live)).toMatchObject({ outcome: "failed", code: "ERR_COZE_NETWORK" });
    expect(live.texts()).toEqual([`One moment.\n\n${en.failedNetwork}`]);
    expect(submissions(live)).toHaveLength(2);
  });

  it("Coze refuses them: the turn fails with that, and they are not sent again", async () => {
    const { live } = await start([tellResults]);
    live.coze.faults.add({ method: submit, times: 9, effect: cozeError(4028, "no free quota") });
    expect(await ask(live)).toMatchObject({ outcome: "failed", code: "ERR_COZE_QUOTA" });
    expect(submissions(live)).toHaveLength(1);
  });

  it("Coze says at first that it has none of them, and then refuses what it has: the answer is fetched", async () => {
    const server = await serve((request, response, position) => {
      const [, chatId = "", id = ""] = /^(\d+)-(.+)$/.exec(String(request.headers["idempotency-key"])) ?? [];
      const call = { id, type: "function", function: { name: "clock", arguments: "{}" } };
      const required_action = { submit_tool_outputs: { tool_calls: [call] } };
      const data = { id: chatId, status: "requires_action", required_action };
      const effect = { kind: "reply", status: 200, body: { code: 0, msg: "", data } } as const;
      live.coze.faults.add({ method: "GET /v3/chat/retrieve", effect });
      echo(request, response, position);
    });
    const { live } = await start([tellResults], server);
    live.coze.faults.add({ method: submit, effect: { kind: "reset", applied: true } });
    expect(await ask(live)).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([answer]);
    expect(submissions(live)).toHaveLength(2);
    expect(server.requests).toHaveLength(1);
  });

  it("the stream is cut afterwards: the rest comes when the run has ended", async () => {
    const { live } = await start([tellResults, cut("reset"), ...say(", sharp")]);
    expect(await ask(live)).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([`${answer}, sharp`]);
    expect(submissions(live)).toHaveLength(1);
  });

  it("the stream is cut afterwards, and the run waits again: the next round is made", async () => {
    const { live, server } = await start([tellResults, cut("reset"), needTools(weather("Rome")), tellResults]);
    expect(await ask(live)).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([`${answer}\n\nweather {"city":"Rome"}`]);
    expect(keysOf(server)).toHaveLength(2);
  });

  it("the stream of the question is cut before the tools are wanted: they are used all the same", async () => {
    const { live, server } = await start([tellResults]);
    live.coze.answer = () => [...say("One"), cut("end"), ...say(" moment."), needTools(clock), tellResults];
    expect(await ask(live)).toMatchObject({ outcome: "delivered" });
    expect(live.texts()).toEqual([answer]);
    expect(server.requests).toHaveLength(1);
  });
});

describe.each(platformNames)("after a restart on %s", (platform) => {
  /** Takes a message and asks Coze as an earlier process did, until tools are wanted. */
  async function askedBefore(live: LiveBridge) {
    const event = await new Promise<MessageEvent>((resolve, reject) => {
      const accept = async (offered: unknown) => resolve(offered as MessageEvent);
      live.adapter.start(inboxOf(accept)).then(() => live.say("time?"), reject);
    });
    const mode = modeOf(live.coze, "agent");
    const conversation = conversationOf(event, { base: live.coze.baseUrl, mode, scope: "chat-user" });
    const turn = await live.store.acceptMessage(event, { id: "abcdefghijkl", conversation, locale: "en" });
    if (!turn) throw new Error("the event was stored before");
    const question = { text: turn.text, sessionName: conversation.sessionName };
    let calls: readonly ToolCall[] = [];
    let run = { conversationId: "", chatId: "" };
    for await (const event of createClient(live.coze, mode).ask(question, new AbortController().signal)) {
      if (event.type === "created") run = { conversationId: event.conversationId, chatId: event.chatId };
      if (event.type === "waiting" && event.for === "tools") calls = event.calls;
    }
    await live.store.advanceTurn(turn.id, { state: "answering", ...run });
    return { calls, ...run };
  }

  it("between a tool's result and its way to Coze, the tool is called with the same key and the answer comes once", async () => {
    const server = await serve();
    const tools = declare(server);
    const live = await startLiveBridge({ platform, tools });
    live.coze.answer = () => [...say("One moment."), needTools(clock, weather("Rome")), tellResults];
    const { calls, chatId } = await askedBefore(live);
    const earlier = createTools(tools, { logger: createLogger("silent"), clock: systemClock });
    await earlier.run(calls, chatId, new AbortController().signal);
    expect(keysOf(server)).toHaveLength(2);
    await live.bridge.recover(await live.store.unfinishedTurns(), Promise.resolve());
    expect(await live.ended()).toMatchObject({ outcome: "delivered", chatId });
    expect(live.texts()).toEqual(['One moment.\n\nclock {}; weather {"city":"Rome"}']);
    const [first, second, ...again] = keysOf(server);
    expect([...again].sort()).toEqual([first, second].sort());
    expect(first).not.toBe(second);
    expect(submissions(live)).toHaveLength(1);
    expect(live.coze.requests.filter(({ path }) => path === "/v3/chat")).toHaveLength(1);
  });

  it("a shutdown while a tool works leaves the turn to the next process", async () => {
    const server = await serve(() => undefined);
    const live = await startLiveBridge({ platform, tools: declare(server) });
    live.coze.answer = () => [...say("One moment."), needTools(clock), tellResults];
    await live.receive();
    live.say("time?");
    await server.received(1);
    await live.bridge.stop(0);
    expect(await live.unfinishedTurn()).toMatchObject({ state: "answering" });
    expect(submissions(live)).toEqual([]);
  });
});

it("text that comes with the results appears while it is written", async () => {
  const server = await serve();
  const live = await startLiveBridge({ platform: "discord", tools: declare(server) });
  const rest = closedGate();
  live.coze.answer = () => [needTools(clock), ...say("It is "), gate(rest.opened), ...say("noon."), silence()];
  await live.receive();
  live.say("time?");
  await live.reads("It is");
  rest.open();
  await live.reads("It is noon.");
});
