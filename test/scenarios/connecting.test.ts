import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type CozeEmulator, startCozeEmulator } from "../../src/playground/coze/index.ts";
import { startDiscordEmulator } from "../../src/playground/discord/index.ts";
import { startTelegramEmulator } from "../../src/playground/telegram/index.ts";
import { type BridgeProcess, freshDatabasePath, freshFolder, runBridge } from "../support/bridge-process.ts";
import { type Chat, type PlatformName, platformNames, startChat } from "../support/world.ts";

const otherTokens: Readonly<Record<PlatformName, string>> = {
  telegram: "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
  discord: "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB",
};
const tokenNames = { telegram: "TELEGRAM_BOT_TOKEN", discord: "DISCORD_TOKEN" } as const;

async function coze(): Promise<CozeEmulator> {
  const emulator = await startCozeEmulator();
  onTestFinished(() => emulator.close());
  return emulator;
}

async function chat(platform: PlatformName): Promise<Chat> {
  const emulator = await startChat(platform);
  onTestFinished(() => emulator.close());
  return emulator;
}

/** The same platform on the port where `former` was. */
async function chatInPlaceOf(former: Chat): Promise<Chat> {
  const address = former.environment.TELEGRAM_API_BASE ?? former.environment.DISCORD_API_BASE ?? "";
  const options = { limits: "off", port: Number(new URL(address).port) } as const;
  const emulator = await (former.name === "telegram" ? startTelegramEmulator(options) : startDiscordEmulator(options));
  onTestFinished(() => emulator.close());
  return emulator;
}

/** A bridge that is killed at the test's end. */
function bridgeWith(environment: Readonly<Record<string, string>>, folder?: string): BridgeProcess {
  const bridge = runBridge({ DATABASE_PATH: freshDatabasePath(), LOG_LEVEL: "debug", ...environment }, "start", folder);
  onTestFinished(() => bridge.kill());
  return bridge;
}

async function expectAnswer(platform: Chat, text: string): Promise<void> {
  const person = platform.addPerson();
  const room = platform.privateRoom(person);
  platform.say(person, room, text);
  await platform.until("an answer", () => platform.botMessages(room).some((said) => said.text === `You said: ${text}`));
}

describe.each(platformNames)("At its start the bridge (%s)", (platform) => {
  it("names the variable of a token that the platform refuses, and exits 2", async () => {
    const emulator = await chat(platform);
    const environment = (await coze()).environment("agent");
    const bridge = bridgeWith({
      ...environment,
      ...emulator.environment,
      [tokenNames[platform]]: otherTokens[platform],
    });
    expect(await bridge.exited).toBe(2);
    expect(bridge.output()).toContain(`  ${tokenNames[platform]}\n`);
    expect(bridge.output()).not.toContain(otherTokens[platform]);
  });

  it("keeps trying a platform that is not there, and works when it is", async () => {
    const former = await chat(platform);
    await former.close();
    const bridge = bridgeWith({ ...(await coze()).environment("agent"), ...former.environment });
    await bridge.logged("could not reach the platform, trying again");
    const emulator = await chatInPlaceOf(former);
    await bridge.logged("ready");
    await expectAnswer(emulator, "Are you there?");
  });

  it("answers on this platform while the other one is not there", async () => {
    const emulator = await chat(platform);
    const missing = await chat(platform === "telegram" ? "discord" : "telegram");
    await missing.close();
    const environment = (await coze()).environment("agent");
    const bridge = bridgeWith({ ...environment, ...emulator.environment, ...missing.environment });
    await bridge.logged("could not reach the platform, trying again");
    // What is said before that Discord never tells.
    await bridge.logged(platform === "telegram" ? "receiving from Telegram" : "Discord's gateway is connected");
    await expectAnswer(emulator, "And you?");
    const other = await chatInPlaceOf(missing);
    await bridge.logged("ready");
    await expectAnswer(other, "You too?");
  });

  it("reads .env in its folder, and prefers the real environment", async () => {
    const emulator = await chat(platform);
    const folder = freshFolder();
    const wrong = { LOG_LEVEL: "loud", [tokenNames[platform]]: otherTokens[platform] };
    const environment = { ...(await coze()).environment("agent"), ...emulator.environment, ...wrong };
    writeFileSync(join(folder, ".env"), toEnvFile(environment));
    const token = emulator.environment[tokenNames[platform]] ?? "";
    const bridge = bridgeWith({ LOG_LEVEL: "info", [tokenNames[platform]]: token }, folder);
    await bridge.logged("ready");
    await expectAnswer(emulator, "Hello.");
  });
});

describe("At its start the bridge (discord)", () => {
  it("names the token that only the gateway refuses, and exits 2", async () => {
    const emulator = await startDiscordEmulator({ limits: "off" });
    onTestFinished(() => emulator.close());
    const base = emulator.environment.DISCORD_API_BASE ?? "";
    const body = {
      url: `${base.replace("http:", "ws:").replace(/\/api$/, "")}/gateway`,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 1_000_000, max_concurrency: 1 },
    };
    const effect = { kind: "reply", status: 200, body } as const;
    emulator.faults.add({ method: "GET /gateway/bot", times: Number.POSITIVE_INFINITY, effect });
    const environment = { ...(await coze()).environment("agent"), ...emulator.environment };
    const bridge = bridgeWith({ ...environment, DISCORD_TOKEN: otherTokens.discord });
    expect(await bridge.exited).toBe(2);
    expect(bridge.output()).toMatch(/^ {2}DISCORD_TOKEN$/m);
    expect(bridge.output()).not.toContain(otherTokens.discord);
  });

  it("explains the message content intent when Discord refuses it, and exits 2", async () => {
    const environment = { ...(await coze()).environment("agent"), ...(await chat("discord")).environment };
    const bridge = bridgeWith({ ...environment, DISCORD_MESSAGE_CONTENT: "true" });
    expect(await bridge.exited).toBe(2);
    expect(bridge.output()).toMatch(/^ {2}DISCORD_MESSAGE_CONTENT\n.*4014.*\n.*Developer Portal/m);
  });

  it("asks for the message content intent where it is granted", async () => {
    const emulator = await startDiscordEmulator({ limits: "off", messageContentIntent: true });
    onTestFinished(() => emulator.close());
    const environment = { ...(await coze()).environment("agent"), ...emulator.environment };
    await bridgeWith({ ...environment, DISCORD_MESSAGE_CONTENT: "true" }).logged("ready");
  });
});

function toEnvFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}
