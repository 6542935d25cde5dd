import { expect, test } from "vitest";
import type { Run } from "../../../src/coze/agent.ts";
import { createFixedToken, createJwtTokens } from "../../../src/coze/auth.ts";
import type { CallObserver } from "../../../src/coze/call-observer.ts";
import { type CozeClient, createCozeClient } from "../../../src/coze/client.ts";
import { parsePrivateKey } from "../../../src/coze/private-key.ts";
import { cozeError, cut, fail, say, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { emulatedClient } from "./emulated-client.ts";
import { collect, fixture } from "./fixtures.ts";
import { replyJson, replyStream, startHttpServer } from "./http-server.ts";

const { signal } = new AbortController();
const question = { sessionName: "telegram:1", text: "hi" };

/** What it was told: `ok`, or the error's kind and code. */
function listener(): { readonly told: readonly string[]; readonly observer: CallObserver } {
  const told: string[] = [];
  return {
    told,
    observer: {
      failed: ({ kind, code }) => void told.push(`${kind} ${code}`),
      succeeded: () => void told.push("ok"),
    },
  };
}

test("every attempt is told, the repeated ones included", async () => {
  const clock = createManualClock();
  const { told, observer } = listener();
  await using server = await startHttpServer((_, response, position) => {
    if (position === 0) return replyJson(response, { code: 4016, msg: "busy" });
    if (position === 1) return replyJson(response, { code: 4013, msg: "model" });
    replyStream(response, fixture("agent-success"));
  });
  const client = createCozeClient({
    ...{ base: server.base, clock, idleTimeoutMs: 120_000, observer },
    ...{ mode: { kind: "agent", botId: "7" }, tokens: createFixedToken("pat_1") },
  });
  await clock.moveUntil(collect(client.ask(question, signal)));
  expect(told).toEqual(["busy 4016", "service 4013", "ok"]);
});

test("so is every exchange of a token, by the one who exchanges it", async () => {
  const { told, observer } = listener();
  const coze = await startCozeEmulator();
  const clock = createManualClock(Date.now());
  coze.faults.add({
    method: "POST /api/permission/oauth2/token",
    effect: { kind: "reply", status: 502, body: "<html>" },
  });
  const { clientId, keyId: publicKeyId, privateKey } = coze.oauthApp;
  const app = { clientId, publicKeyId, privateKey: parsePrivateKey(privateKey) };
  const tokens = createJwtTokens({ base: coze.baseUrl, clock, idleTimeoutMs: 120_000, observer, app });
  await clock.moveUntil(tokens.token("telegram:1", signal));
  expect(told).toEqual(["service 0", "ok"]);
  await coze.close();
});

test("an answer that began well and then failed is told as both", async () => {
  const { told, observer } = listener();
  const coze = await startCozeEmulator();
  const client = emulatedClient(coze, "agent", undefined, { observer });
  coze.answer = () => [...say("x"), cut()];
  await expect(collect(client.ask(question, signal))).rejects.toMatchObject({ kind: "interrupted" });
  expect(told).toEqual(["ok", "interrupted 0"]);
  await coze.close();
});

test("a run that is followed to its failure is told, as are the looks at it", async () => {
  const { told, observer } = listener();
  const coze = await startCozeEmulator();
  const client = emulatedClient(coze, "agent", undefined, { observer });
  coze.answer = () => [fail(4028, "quota")];
  const run = await begin(client);
  coze.faults.add({ method: "GET /v3/chat/retrieve", effect: cozeError(4009, "at capacity") });
  await expect(collect(client.follow(run, signal))).rejects.toMatchObject({ kind: "quota" });
  expect(told).toEqual(["ok", "rate-limited 4009", "ok", "quota 4028"]);
  await coze.close();
});

test("the log id of an answer is known from its first event", async () => {
  const coze = await startCozeEmulator();
  const [created] = await collect(emulatedClient(coze, "chatflow-app").ask(question, signal));
  expect(created).toMatchObject({ type: "created", logid: expect.stringMatching(/^\d{14}[0-9A-F]{18}$/) });
  await coze.close();
});

/** Asks, and leaves with the first event. */
async function begin(client: CozeClient): Promise<Run> {
  for await (const event of client.ask(question, signal)) {
    if (event.type === "created") return { sessionName: question.sessionName, ...event };
  }
  throw new Error("The first event is created.");
}
