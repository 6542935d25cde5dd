import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { en } from "../../src/locale/en.ts";
import { zh } from "../../src/locale/zh.ts";
import { fail, type Script, say } from "../../src/playground/coze/index.ts";
import { isRetryable } from "../../src/turn/failures.ts";
import { brokenRuns, type CozeFault, oddRuns, passingRefusals, refusals } from "../support/coze-faults.ts";
import { expectPlainWords } from "../support/plain-words.ts";
import { type ModeName, modeNames, platformNames, type StartedWorld, startWorld } from "../support/world.ts";

/** Long enough that a busy machine does not look like a silent Coze. */
const environment = { COZE_IDLE_TIMEOUT_MS: "2500" };

for (const platform of platformNames) {
  for (const mode of modeNames) {
    describe(`when Coze fails (${platform}, ${mode})`, () => {
      let world: StartedWorld;
      const scripts = new Map<string, Script>();
      beforeAll(async () => {
        world = await startWorld({ platform, mode, environment });
        world.coze.answer = ({ text }) => scripts.get(text) ?? say(`You said: ${text}`);
      });
      afterAll(async () => {
        world.assertDiscretion();
        await world.close();
      });

      // Side by side, each with a person of its own.
      const faults = [...refusals, ...passingRefusals, ...brokenRuns, ...oddRuns];
      it.concurrent.each(faults.map((fault) => [fault.title, fault] as const))(
        "%s: the person reads one plain message, and the next question works",
        async (_title, told) => {
          const fault = mode === "chatflow-app" ? { ...told, ...told.inApp } : told;
          const { person, room } = world.someone();
          const session = world.sessionName(person);
          const question = `Tell me about ${person.id}`;
          const answer = fault.reads ?? `You said: ${question}`;
          if (fault.script) scripts.set(question, fault.script);
          const { logid, remove } = plan(world, fault, { mode, session });

          await world.ask(person, room, question, answer);
          remove();
          await world.ask(person, room, "Still there?", "You said: Still there?");

          expect(world.chat.botMessages(room).map(({ text }) => text)).toEqual([answer, "You said: Still there?"]);
          expect(timesAsked(world, question)).toBe(fault.asked ?? 1);
          expect(world.chat.botMessages(room)[0]?.buttons).toEqual(isToBeRetried(fault) ? [[en.retry]] : []);
          if (!fault.failure) return;
          expectPlainWords(answer);
          await expectLogged(world, fault, { logid: fault.effect && logid, session });
        },
      );

      it.each([true, false])("a question whose call breaks off runs once, whether it arrived (%s)", async (applied) => {
        const { person, room } = world.someone();
        const question = `Did you hear that, ${person.id}?`;
        await world.ask(person, room, "Before", "You said: Before");
        world.coze.faults.add({ method: methodOf(mode), effect: { kind: "reset", applied } });
        await world.ask(person, room, question, `You said: ${question}`);
        await world.ask(person, room, "Still there?", "You said: Still there?");

        expect(timesAsked(world, question)).toBe(applied ? 1 : 2);
        expect(runsOf(world, question)).toBe(1);
        expect(world.chat.botMessages(room)).toHaveLength(3);
      });

      it.runIf(mode === "chatflow-app")("a first question that can't be looked for is left to the person", async () => {
        const { person, room } = world.someone();
        const question = `Did you hear that, ${person.id}?`;
        world.coze.faults.add({ method: methodOf(mode), effect: { kind: "reset", applied: false } });
        const told = await world.ask(person, room, question, en.failedNetwork);
        expect(timesAsked(world, question)).toBe(1);
        world.chat.press(person, told, en.retry);
        await world.hears(room, `You said: ${question}`);
        expect(runsOf(world, question)).toBe(1);
      });

      it("a lost conversation is replaced once, and the person is told", async () => {
        const { person, room } = world.someone();
        await world.ask(person, room, "My name is Ann", "You said: My name is Ann");
        const [former] = conversationsOf(world, world.sessionName(person));
        const lost = { kind: "reply", status: 200, body: { code: 4002, msg: "invalid" } } as const;
        world.coze.faults.add({ method: methodOf(mode), effect: lost });
        await world.ask(person, room, "What is my name?", `${en.memoryLost}\n\nYou said: What is my name?`);
        await world.ask(person, room, "And now?", "You said: And now?");

        const questions = world.coze.requests.filter(({ path }) => path === methodOf(mode).split(" ")[1]).slice(-3);
        const idsAsked = questions.map(({ query, body }) => query.conversation_id ?? body.conversation_id);
        expect(idsAsked.slice(0, 2)).toEqual([former?.id, undefined]);
        expect(idsAsked[2]).toBe(conversationsOf(world, world.sessionName(person)).at(-1)?.id);
        expect(world.chat.botMessages(room)).toHaveLength(3);
      });

      it("a conversation that stays lost ends in one plain message", async () => {
        const { person, room } = world.someone();
        await world.ask(person, room, "Before", "You said: Before");
        const lost = { kind: "reply", status: 200, body: { code: 4002, msg: "invalid" } } as const;
        world.coze.faults.add({ method: methodOf(mode), times: 2, effect: lost });
        await world.ask(person, room, "Hello?", `${en.memoryLost}\n\n${en.failedService}`);
        expect(timesAsked(world, "Hello?")).toBe(2);
        expect(world.chat.botMessages(room)).toHaveLength(2);
      });

      it("a token revoked in mid-life is replaced without a word", async () => {
        const { person, room } = world.someone();
        await world.ask(person, room, "Before", "You said: Before");
        world.coze.revokeTokens();
        await world.ask(person, room, "Afterwards", "You said: Afterwards");
        expect(world.chat.botMessages(room)).toHaveLength(2);
        expect(timesAsked(world, "Afterwards")).toBe(2);
        expect(world.coze.exchanges.get(world.sessionName(person))).toBe(2);
        expect(conversationsOf(world, world.sessionName(person))).toHaveLength(1);
      });

      it("the person is told in Chinese when they speak Chinese", async () => {
        const { person, room } = world.someone({ locale: "zh-hans" });
        scripts.set("你好", [...say("你好，我"), fail(4028, "quota")]);
        await world.ask(person, room, "你好", `你好，我\n\n${zh.failedQuota}`);
        expect(world.chat.botMessages(room)).toHaveLength(1);
      });
    });
  }

  describe(`when Coze refuses tokens (${platform})`, () => {
    let world: StartedWorld;
    const token = "POST /api/permission/oauth2/token";
    beforeAll(async () => {
      world = await startWorld({ platform, environment });
    });
    afterAll(async () => {
      world.assertDiscretion();
      await world.close();
    });

    it.each([
      ["the app is refused", 400, { error_code: "invalid_client", error_message: "jwt x" }],
      ["the app is deactivated", 403, { error_code: "access_deny", error: "x" }],
      ["a gateway's page stands in its place", 403, "<html>403</html>"],
      ["Coze fails inside", 500, { error_code: "internal_error", error_message: "x" }],
      ["a gateway fails", 502, "<html>502</html>"],
    ])("%s: one plain message, and the next question works", async (_title, status, body) => {
      const reads = status < 500 ? en.failedAuthentication : en.failedService;
      const { person, room } = world.someone();
      const before = exchangesTried(world);
      const headers = { "X-Tt-Logid": "20260102aaaabbbbcccc" };
      const remove = world.coze.faults.add({
        method: token,
        times: Number.POSITIVE_INFINITY,
        effect: { kind: "reply", status, body, headers },
      });
      await world.ask(person, room, "Hello?", reads);
      remove();
      expect(exchangesTried(world) - before).toBe(status < 500 ? 1 : 4);
      expectPlainWords(reads);
      await world.ask(person, room, "Still there?", "You said: Still there?");
      expect(world.chat.botMessages(room)).toHaveLength(2);
      expect(timesAsked(world, "Hello?")).toBe(0);
      await world.bridge.logged("turn ended", ({ logid }) => logid === headers["X-Tt-Logid"]);
    });

    it("a token endpoint that fails for a moment is not noticed", async () => {
      const { person, room } = world.someone();
      world.coze.faults.add({ method: token, times: 2, effect: { kind: "reset", applied: false } });
      await world.ask(person, room, "Hello!", "You said: Hello!");
      expect(world.chat.botMessages(room)).toHaveLength(1);
    });
  });

  describe.each(modeNames)(`with a self-hosted Coze (${platform}, %s)`, (mode) => {
    let world: StartedWorld;
    beforeAll(async () => {
      world = await startWorld({ platform, mode, dialect: "studio", environment });
    });
    afterAll(async () => {
      world.assertDiscretion();
      await world.close();
    });

    it("people are answered, each remembered apart from the other", async () => {
      const ann = world.someone();
      const bob = world.someone();
      await world.ask(ann.person, ann.room, "I am Ann", "You said: I am Ann");
      await world.ask(bob.person, bob.room, "I am Bob", "You said: I am Bob");
      await world.ask(ann.person, ann.room, "What did I say?", "You said:\n• I am Ann");
      await world.ask(bob.person, bob.room, "What did I say?", "You said:\n• I am Bob");
      await world.bridge.logged("turn ended", ({ outcome }) => outcome === "delivered");
    });

    it("a failed run is told in one plain message, and the next question works", async () => {
      const { person, room } = world.someone();
      const usual = world.coze.answer;
      world.coze.answer = () => [...say("It begins"), fail(777_777_775, "workflow failed at node 5")];
      await world.ask(person, room, "Try", `It begins\n\n${en.failedService}`);
      world.coze.answer = usual;
      await world.ask(person, room, "Again", "You said: Again");
      expect(world.chat.botMessages(room)).toHaveLength(2);
    });

    it("a refused token is told in one plain message, without a second try", async () => {
      const { person, room } = world.someone();
      const body = { code: 700_012_006, msg: "authentication failed: api key invalid" };
      world.coze.faults.add({ method: methodOf(mode), effect: { kind: "reply", status: 200, body } });
      await world.ask(person, room, "Let me in", en.failedAuthentication);
      expect(timesAsked(world, "Let me in")).toBe(1);
      await world.ask(person, room, "Again", "You said: Again");
    });
  });
}

interface Asker {
  readonly mode: ModeName;
  readonly session: string;
}

/** Plans the fault for the questions of one session. */
function plan(world: StartedWorld, fault: CozeFault, { mode, session }: Asker) {
  const logid = randomBytes(12).toString("hex");
  const effect = fault.effect?.(logid);
  const where = ({ sessionName }: Readonly<Record<string, unknown>>) => sessionName === session;
  const times = fault.times ?? Number.POSITIVE_INFINITY;
  const remove = effect ? world.coze.faults.add({ method: methodOf(mode), where, times, effect }) : () => undefined;
  return { logid, remove };
}

function isToBeRetried({ failure }: CozeFault): boolean {
  return failure !== undefined && isRetryable(failure);
}

function methodOf(mode: ModeName): string {
  return mode === "agent" ? "POST /v3/chat" : "POST /v1/workflows/chat";
}

function timesAsked(world: StartedWorld, question: string): number {
  return world.coze.requests.filter(({ body }) => JSON.stringify(body).includes(JSON.stringify(question))).length;
}

function runsOf(world: StartedWorld, question: string): number {
  const messages = world.coze.conversations.flatMap((conversation) => conversation.messages);
  return messages.filter(({ role, text }) => role === "user" && text === question).length;
}

function exchangesTried(world: StartedWorld): number {
  return world.coze.requests.filter(({ path }) => path.endsWith("/token")).length;
}

function conversationsOf(world: StartedWorld, session: string) {
  return world.coze.conversations.filter(({ sessionName }) => sessionName === session);
}

/** The operator finds how the turn ended, Coze's code, and the log id that Coze's support asks for. */
async function expectLogged(
  world: StartedWorld,
  { failure, code }: CozeFault,
  { logid, session }: { readonly logid: string | undefined; readonly session: string },
): Promise<void> {
  const ids = conversationsOf(world, session).map(({ id }) => id);
  const line = await world.bridge.logged("turn ended", (candidate) => {
    const isOfRun = ids.includes(String(candidate.conversationId)) && candidate.outcome !== "delivered";
    return logid === undefined ? isOfRun : candidate.logid === logid;
  });
  expect(line.code).toBe(failure);
  expect(line.platform).toBe(world.chat.name);
  if (code !== undefined) expect(line.err).toMatchObject({ code });
  if (line.err) expect(line.logid).toMatch(/^\w{16,}$/);
}
