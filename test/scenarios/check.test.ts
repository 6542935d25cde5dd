import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { freshDatabasePath, runBridge } from "../support/bridge-process.ts";
import { unusedAddress } from "../support/unused-address.ts";
import { describeEachMode, describeEachPlatform, type World } from "../support/world.ts";

/** What `coze-bridge check` printed, and its exit code; it prints no secret. */
async function check(world: World, changes: Readonly<Record<string, string>> = {}) {
  const bridge = runBridge({ ...world.environment, DATABASE_PATH: freshDatabasePath(), ...changes }, "check");
  const code = await bridge.exited;
  const output = bridge.output();
  const { TELEGRAM_BOT_TOKEN, DISCORD_TOKEN } = { ...world.environment, ...changes };
  for (const token of [TELEGRAM_BOT_TOKEN, DISCORD_TOKEN]) if (token) expect(output).not.toContain(token);
  expect(output).not.toMatch(/czs_|pat_|eyJ|^\s+at /m);
  return { code, output };
}

const refused: FaultEffect = {
  kind: "reply",
  status: 200,
  body: { code: 4200, msg: "Requested resource does not exist.", detail: { logid: "20260102ABCDEF" } },
};

describeEachMode("coze-bridge check", (world, platform, mode) => {
  it("says that everything works, by name, beside a bridge that runs on the same database", async () => {
    const { code, output } = await check(world(), { DATABASE_PATH: world().environment.DATABASE_PATH ?? "" });
    expect(output).toMatch(/^configuration: ok/m);
    expect(output).toMatch(/^database: ok \(.*bridge\.db, in use by a running bridge\)$/m);
    expect(output).toMatch(/^Coze credentials: ok/m);
    expect(output).toContain(`Coze ${mode}: ok (${mode === "agent" ? "Emulated agent" : "emulated_flow"})\n`);
    expect(output).toMatch(new RegExp(`^${platform}: ok \\(@\\w+\\)$`, "m"));
    expect(code).toBe(0);
    const { person, room } = world().someone();
    await world().ask(person, room, "Still there?", "You said: Still there?");
  });

  it("names the agent or flow that is not there, and what to look at", async () => {
    const { coze } = world();
    const times = Number.POSITIVE_INFINITY;
    coze.faults.add({ method: /^GET \/v1\/(bots?|workflows)\//, times, effect: refused });
    const { code, output } = await check(world());
    expect(output).toMatch(
      new RegExp(`^Coze ${mode}: FAILED\n.*code 4200, logid 20260102ABCDEF.*\n.*COZE_BOT_ID`, "m"),
    );
    expect(output).toMatch(/^Coze credentials: ok/m);
    expect(output).toMatch(new RegExp(`^${platform}: ok`, "m"));
    expect(code).not.toBe(0);
  });
});

describeEachPlatform("coze-bridge check", {}, (world, platform) => {
  it("names what Coze refuses of the credentials, and goes on", async () => {
    const { code, output } = await check(world(), { COZE_JWT_OAUTH_PUBLIC_KEY_ID: "another-key" });
    expect(output).toMatch(/^Coze credentials: FAILED\n.*invalid_client.*\n.*COZE_JWT_OAUTH_/m);
    expect(output).toMatch(new RegExp(`^${platform}: ok`, "m"));
    expect(code).not.toBe(0);
  });

  it("names a Coze that can't be reached", async () => {
    const { code, output } = await check(world(), { COZE_API_BASE: await unusedAddress() });
    expect(output).toMatch(/^Coze credentials: FAILED\n.*ECONNREFUSED.*\n.*COZE_API_BASE/m);
    expect(code).not.toBe(0);
  });

  it("names the platform that refuses the token", async () => {
    const token = { telegram: "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", discord: "MTIz.GaBcDe.abcdefghijklmnop" };
    const name = platform === "telegram" ? "TELEGRAM_BOT_TOKEN" : "DISCORD_TOKEN";
    const { code, output } = await check(world(), { [name]: token[platform] });
    expect(output).toMatch(new RegExp(`^${platform}: FAILED\n(.*\n)*.*${name}`, "m"));
    expect(output).toMatch(/^Coze credentials: ok/m);
    expect(code).toBe(2);
  });

  it("names the platform that can't be reached", async () => {
    const name = platform === "telegram" ? "TELEGRAM_API_BASE" : "DISCORD_API_BASE";
    const { code, output } = await check(world(), { [name]: await unusedAddress() });
    expect(output).toMatch(new RegExp(`^${platform}: FAILED\n.*(network|ECONNREFUSED)`, "m"));
    expect(code).not.toBe(0);
  });

  it("names a damaged database", async () => {
    const path = freshDatabasePath();
    writeFileSync(path, "This is no database. ".repeat(500));
    const { code, output } = await check(world(), { DATABASE_PATH: path });
    expect(output).toMatch(/^database: FAILED\n.*is damaged.*DATABASE_PATH/m);
    expect(output).toMatch(/^Coze credentials: ok/m);
    expect(code).toBe(2);
  });

  it("names every problem of the configuration", async () => {
    const { code, output } = await check(world(), { COZE_BOT_ID: "weather", LOG_LEVEL: "loud" });
    expect(output).toMatch(/^ {2}COZE_BOT_ID$/m);
    expect(output).toMatch(/^ {2}LOG_LEVEL$/m);
    expect(code).toBe(2);
  });
});
