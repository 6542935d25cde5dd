import { expect, it, onTestFinished } from "vitest";
import { startCozeEmulator } from "../../src/playground/coze/index.ts";
import { startDiscordEmulator } from "../../src/playground/discord/index.ts";
import { startTelegramEmulator } from "../../src/playground/telegram/index.ts";
import { freshDatabasePath, startBridge } from "../support/bridge-process.ts";
import { secretIn } from "../support/secret-shapes.ts";
import { unusedAddress } from "../support/unused-address.ts";

async function startWithHealth() {
  const coze = await startCozeEmulator();
  const [telegram, discord] = [await startTelegramEmulator(), await startDiscordEmulator()];
  const address = await unusedAddress();
  const environment = { ...coze.environment("agent"), ...telegram.environment, ...discord.environment };
  const own = { DATABASE_PATH: freshDatabasePath(), HEALTH_PORT: new URL(address).port };
  const bridge = await startBridge({ ...environment, ...own });
  onTestFinished(async () => {
    await bridge.kill();
    await Promise.all([coze, telegram, discord].map((emulator) => emulator.close()));
  });
  return { telegram, discord, environment, bridge, get: (path: string) => fetch(`${address}${path}`) };
}

type Started = Awaited<ReturnType<typeof startWithHealth>>;

it("tells whether it works, of either platform, and counts turns without a secret", async () => {
  const { telegram, environment, bridge, get } = await startWithHealth();
  const person = telegram.addPerson();
  const room = telegram.privateRoom(person);
  telegram.say(person, room, "Zanzibar?");
  await telegram.until("the answer", () => telegram.botMessages(room)[0]);
  await bridge.logged("turn ended");

  const [health, ready, metrics] = await Promise.all(["/healthz", "/readyz", "/metrics"].map(get));
  expect([health?.status, ready?.status, metrics?.status]).toEqual([200, 200, 200]);
  const [readiness, figures] = [await ready?.text(), await metrics?.text()];
  expect(JSON.parse(readiness ?? "")).toMatchObject({
    status: "ready",
    store: { ok: true },
    platforms: { telegram: { isReceiving: true }, discord: { isReceiving: true } },
    coze: { breakerOpen: false },
  });
  expect(figures).toMatch(/^coze_bridge_turns_total\{platform="telegram",outcome="delivered".*\} 1$/m);
  for (const told of [readiness ?? "", figures ?? ""]) {
    expect(secretIn(told)).toBeUndefined();
    for (const hidden of [environment.TELEGRAM_BOT_TOKEN, environment.DISCORD_TOKEN, person.id, "Zanzibar"]) {
      expect(told).not.toContain(hidden);
    }
  }
});

it("is not ready while a platform can't be heard, and says which and why", async () => {
  const started = await startWithHealth();
  const { gateway } = started.discord;
  gateway.goDown({ forgetSessions: false });

  const deaf = await readyAs(started, 503);
  expect(deaf).toMatchObject({
    status: "unready",
    platforms: { telegram: { isReceiving: true }, discord: { isReceiving: false, problem: expect.any(String) } },
  });
  expect((await started.get("/healthz")).status).toBe(200);
  gateway.comeBack();
  expect(await readyAs(started, 200)).toMatchObject({ status: "ready", platforms: { discord: { isReceiving: true } } });
});

/** Asks again and again, as whoever watches over the bridge does, until the answer has this status. */
async function readyAs({ get }: Started, status: number): Promise<unknown> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await get("/readyz");
    const told: unknown = await answer.json();
    if (answer.status === status) return told;
    if (Date.now() > deadline) throw new Error(`/readyz never answers ${status}, but ${JSON.stringify(told)}`);
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}

const patienceMs = 20_000;
const askEveryMs = 50;
