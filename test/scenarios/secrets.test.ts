import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cozeError, cut, fail, gate, say } from "../../src/playground/coze/index.ts";
import { apiError } from "../../src/playground/discord/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { closedGate } from "../support/gate.ts";
import { platformFaults } from "../support/platform-faults.ts";
import {
  describeEachPlatform,
  modeNames,
  platformNames,
  type StartedWorld,
  startWorld,
  type World,
} from "../support/world.ts";

/** Nothing of this may be printed, in whatever form the platforms quote it back. */
function secretsOf({ environment, coze, chat }: World): string[] {
  const { TELEGRAM_BOT_TOKEN = "", DISCORD_TOKEN, COZE_JWT_OAUTH_PRIVATE_KEY = "", SESSION_NAME_SECRET } = environment;
  const keyLines = COZE_JWT_OAUTH_PRIVATE_KEY.split("\\n").filter((line) => line !== "" && !line.includes("-----"));
  const interactionTokens = chat.calls.map(({ parameters }) => parameters.interaction_token).filter(Boolean);
  const telegramParts = [TELEGRAM_BOT_TOKEN, TELEGRAM_BOT_TOKEN.split(":")[1]];
  const all = [...telegramParts, DISCORD_TOKEN, SESSION_NAME_SECRET, coze.personalToken, ...keyLines];
  return [...all, ...interactionTokens.map(String)].filter((secret): secret is string => Boolean(secret));
}

function expectDiscreet(world: World): void {
  const printed = world.bridge.output();
  for (const secret of secretsOf(world)) expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(/\b(czs_|pat_)\w|\beyJ[\w-]{10}|PRIVATE KEY/);
}

/** A page of what stands in front of the platform, which quotes the request. */
function quotingPage({ environment }: World): FaultEffect {
  const token = environment.TELEGRAM_BOT_TOKEN ?? environment.DISCORD_TOKEN ?? "";
  return { kind: "reply", status: 502, body: `<html>502 at http://localhost/bot${token}/x, Bot ${token}</html>` };
}

/** Says something and waits until the turn of it has ended, however it did. No other turn may be under way. */
async function suffer(world: World, text: string, { person, room } = world.someone()): Promise<void> {
  const turns = () => world.bridge.logs().filter(({ msg }) => msg === "turn ended").length;
  const before = turns();
  world.chat.say(person, room, text);
  await world.bridge.logged("turn ended", () => turns() > before);
}

describeEachPlatform(
  "Whatever fails, at the loudest log level",
  { environment: { LOG_LEVEL: "trace" } },
  (world, platform) => {
    const { methods, serverError, rateLimit } = platformFaults[platform];
    afterEach(() => expectDiscreet(world()));

    it.each<readonly [string, (world: World) => FaultEffect]>([
      ["broken connections", () => ({ kind: "reset", applied: false })],
      ["a failing server", () => serverError],
      ["a page that quotes the request", quotingPage],
      ["a rate limit", () => rateLimit(1)],
    ])("prints no secret with %s", async (_what, effect) => {
      world().chat.faults.add({ method: methods.send, effect: effect(world()) });
      world().chat.faults.add({ method: methods.typing, effect: effect(world()) });
      await suffer(world(), "Hello?");
    });

    it("prints no secret when Coze refuses the token exchange and quotes the request", async () => {
      const { coze } = world();
      const jwt = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl";
      const quoted = { error_code: "invalid_client", error_message: `bad jwt ${jwt}, token ${coze.personalToken}` };
      const effect = { kind: "reply", status: 401, body: quoted } as const;
      coze.faults.add({ method: "POST /api/permission/oauth2/token", effect });
      await suffer(world(), "Hello?");
    });

    it("prints no secret when Coze fails and quotes the token", async () => {
      const { coze } = world();
      coze.faults.add({ method: "POST /v3/chat", effect: cozeError(4012, `Bearer ${coze.personalToken} may not`) });
      await suffer(world(), "Hello?");
      coze.answer = () => [...say("So"), fail(5000, `${coze.personalToken} czs_abcdefgh12345678`)];
      await suffer(world(), "Hello?");
      coze.answer = () => [...say("So"), cut("reset")];
      await suffer(world(), "Hello?");
    });

    it("prints no secret when the platform refuses the token in mid-life", async () => {
      const { chat, bridge } = world();
      const someone = world().someone();
      await suffer(world(), "Hello.", someone);
      if (chat.name === "telegram") {
        chat.revokeToken();
        await bridge.logged("Telegram refuses the bot token: set TELEGRAM_BOT_TOKEN to the one that @BotFather shows");
      } else {
        const times = Number.POSITIVE_INFINITY;
        chat.faults.add({ method: /channels/, times, effect: apiError(401, 0, "401: Unauthorized") });
        await suffer(world(), "Hello?");
        chat.faults.clear();
        chat.faults.add({ method: /webhooks/, times, effect: apiError(401, 0, "401: Unauthorized") });
        chat.command(someone.person, someone.room, "help");
        await bridge.logged("command failed");
      }
    });
  },
);

describeEachPlatform("At the usual log level", { environment: { LOG_LEVEL: "info" } }, (world) => {
  it("prints nothing that people or the agent wrote, nor who they are", async () => {
    const { coze, chat, bridge } = world();
    const someone = world().someone({ name: "Philippa Quux" });
    coze.answer = () => say("The capital is Ouagadougou.");
    await suffer(world(), "Zanzibar?", someone);
    coze.answer = () => [...say("The capital is Ouagadougou"), fail(5000, "event interval error")];
    await suffer(world(), "Zanzibar again?", someone);
    const method = platformFaults[chat.name].methods.send;
    const refusal = chat.name === "telegram" ? { ok: false, error_code: 400, description: "Bad Request" } : { code: 1 };
    const times = Number.POSITIVE_INFINITY;
    chat.faults.add({ method, times, effect: { kind: "reply", status: 400, body: refusal } });
    await suffer(world(), "Zanzibar once more?", someone);

    expect(bridge.logs().filter(({ msg }) => msg === "turn ended")).toHaveLength(3);
    expect(bridge.output()).not.toMatch(/Zanzibar|Ouagadougou|Philippa|Quux/);
    expect(bridge.output()).not.toContain(someone.person.id);
  });

  it("prints nothing of it either when an answer breaks off and is lost with the process", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone({ name: "Philippa Quux" });
    const rest = closedGate();
    coze.answer = () => [...say("Oua"), cut("reset"), gate(rest.opened), ...say("gadougou.")];
    chat.say(person, room, "Zanzibar?");
    await world().bridge.logged("stream lost, following the run");
    await world().bridge.kill();
    const first = world().bridge.output();
    const times = Number.POSITIVE_INFINITY;
    coze.faults.add({ method: /\/chat\/retrieve$/, times, effect: cozeError(4200, "not for you") });
    await world().restart();
    await world().bridge.logged("turn ended", ({ code }) => code === "ERR_TURN_RESTARTED");
    rest.open();

    for (const printed of [first, world().bridge.output()]) {
      expect(printed).not.toMatch(/Zanzibar|Oua|gadougou|Philippa|Quux/);
      expect(printed).not.toContain(person.id);
    }
  });
});

describe.each(platformNames)("With SESSION_NAME_SECRET (%s)", (platform) => {
  describe.each(modeNames)("%s", (mode) => {
    let world: StartedWorld;
    beforeAll(async () => {
      const environment = { SESSION_NAME_SECRET: "correct horse battery staple" };
      world = await startWorld({ platform, mode, environment });
    });
    afterAll(async () => {
      world.assertDiscretion();
      await world.close();
    });

    it("tells Coze a pseudonym of each person, the same one every time", async () => {
      const ann = world.someone({ name: "Philippa Quux" });
      const bob = world.someone();
      await world.ask(ann.person, ann.room, "I am one.", "You said: I am one.");
      await world.ask(bob.person, bob.room, "I am two.", "You said: I am two.");
      await world.bridge.stop();
      await world.restart();
      await world.ask(ann.person, ann.room, "What did I say?", "You said:\n• I am one.");

      const names = world.coze.conversations.map(({ sessionName }) => sessionName);
      expect(new Set(names).size).toBe(2);
      for (const name of names) expect(name).toMatch(/^u_[\w-]{43}$/);
      const sent = JSON.stringify(world.coze.requests);
      for (const known of [ann.person.id, bob.person.id, "Philippa", platform]) expect(sent).not.toContain(known);
      expectDiscreet(world);
    });
  });
});
