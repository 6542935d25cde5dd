import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { freshDatabasePath, freshFolder, runBridge } from "../support/bridge-process.ts";
import { platformNames, type StartedWorld, startWorld } from "../support/world.ts";
import { discordToken, privateKeyPem, publicKeyPem, telegramToken, valid } from "../unit/config/valid-environment.ts";

const nowhere = { COZE_API_BASE: "http://127.0.0.1:9", TELEGRAM_API_BASE: "http://127.0.0.1:9" };
const cozeToken = "pat_QBzr0ksGYMlJBHxaNYEr8ZSXnCZoLBd7";

/** A configuration that would do, with some variables changed; an empty one counts as not set. */
function environmentWith(changes: Readonly<Record<string, string>>): Record<string, string> {
  return { ...(valid as Record<string, string>), ...nowhere, DATABASE_PATH: freshDatabasePath(), ...changes };
}

/** Runs `coze-bridge start`, which must refuse to, soon, with code 2 and without a secret; returns what it printed. */
async function refusal(environment: Readonly<Record<string, string>>, folder?: string): Promise<string> {
  const begun = Date.now();
  const bridge = runBridge(environment, "start", folder);
  expect(await bridge.exited, bridge.output()).toBe(2);
  expect(Date.now() - begun).toBeLessThan(10_000);
  const output = bridge.output();
  for (const secret of [...secrets, ...keyLines(environment)]) expect(output).not.toContain(secret);
  expect(output).not.toMatch(/^\s+at /m);
  return output;
}

const secrets = [telegramToken, discordToken, cozeToken, "fifteen letters", telegramToken.slice(-20)];

/** The lines of a PEM, in which every line but the first and the last is secret. */
function keyLines({ COZE_JWT_OAUTH_PRIVATE_KEY: pem = "" }: Readonly<Record<string, string>>): string[] {
  return pem.split(/\\n|\n/).filter((line) => line.length > 40 && !line.includes("-----"));
}

describe("coze-bridge start refuses, and names the variable:", () => {
  const key = "COZE_JWT_OAUTH_PRIVATE_KEY";
  const file = "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH";
  const noJwt = { COZE_JWT_OAUTH_CLIENT_ID: "", COZE_JWT_OAUTH_PUBLIC_KEY_ID: "", [key]: "" };
  const lines = privateKeyPem.split("\n");
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const locked = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

  it.concurrent.each<readonly [string, Readonly<Record<string, string>>, readonly (string | RegExp)[]]>([
    ["nobody who answers", { COZE_BOT_ID: "" }, ["COZE_BOT_ID, COZE_WORKFLOW_ID"]],
    ["a flow without app and agent", { COZE_BOT_ID: "", COZE_WORKFLOW_ID: "1" }, ["COZE_APP_ID, COZE_BOT_ID"]],
    ["a flow with app and agent", { COZE_WORKFLOW_ID: "1", COZE_APP_ID: "2" }, ["COZE_APP_ID, COZE_BOT_ID"]],
    ["an app without a flow", { COZE_APP_ID: "2" }, ["COZE_WORKFLOW_ID"]],
    ["a name for an id", { COZE_BOT_ID: "weather" }, ["COZE_BOT_ID", '"weather"']],
    ["nothing to sign in with", noJwt, ["COZE_JWT_OAUTH_CLIENT_ID", file, "COZE_API_TOKEN"]],
    ["two ways to sign in", { COZE_API_TOKEN: cozeToken }, ["COZE_API_TOKEN"]],
    ["an OAuth app without its id", { COZE_JWT_OAUTH_CLIENT_ID: "" }, ["COZE_JWT_OAUTH_CLIENT_ID"]],
    ["an OAuth app without its key's id", { COZE_JWT_OAUTH_PUBLIC_KEY_ID: "" }, ["COZE_JWT_OAUTH_PUBLIC_KEY_ID"]],
    ["an OAuth app without its key", { [key]: "" }, [file]],
    ["a key and a key file", { [file]: "key.pem" }, [`${key}, ${file}`]],
    ["a token with its header's word", { ...noJwt, COZE_API_TOKEN: `Bearer ${cozeToken}` }, ["COZE_API_TOKEN"]],
    ["a key that is none", { [key]: "secret" }, [key, "not a PEM key"]],
    ["a key's first line", { [key]: lines[0] ?? "" }, [key, "double quotes"]],
    ["a key without its end", { [key]: lines.slice(0, 9).join("\n") }, [key, /Only the first line|cut off/]],
    ["a key that lost a part", { [key]: [lines[0], ...lines.slice(5)].join("\\n") }, [key, "damaged"]],
    ["a public key", { [key]: publicKeyPem }, [key, "public key"]],
    ["another type of key", { [key]: String(ec.export({ type: "pkcs8", format: "pem" })) }, [key, "RSA"]],
    [
      "a key with a passphrase",
      { [key]: String(locked.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })) },
      [key, "passphrase"],
    ],
    ["a key file that is missing", { [key]: "", [file]: "no/such.pem" }, [file, "no/such.pem"]],
    ["a key in place of its path", { [key]: "", [file]: privateKeyPem }, [file, key]],
    ["no platform", { TELEGRAM_BOT_TOKEN: "" }, ["TELEGRAM_BOT_TOKEN, DISCORD_TOKEN"]],
    ["half of a Telegram token", { TELEGRAM_BOT_TOKEN: "110201543" }, ["TELEGRAM_BOT_TOKEN"]],
    ["Discord's application id", { DISCORD_TOKEN: "1234567890123456789" }, ["DISCORD_TOKEN"]],
    ["Coze's website", { COZE_API_BASE: "https://www.coze.cn" }, ["COZE_API_BASE", "https://api.coze.cn"]],
    ["no address", { TELEGRAM_API_BASE: "localhost" }, ["TELEGRAM_API_BASE"]],
    ["a time with a unit", { COZE_IDLE_TIMEOUT_MS: "120s" }, ["COZE_IDLE_TIMEOUT_MS", "120000"]],
    ["a negative time", { SHUTDOWN_GRACE_MS: "-1" }, ["SHUTDOWN_GRACE_MS"]],
    ["an unknown scope", { CONVERSATION_SCOPE: "everyone" }, ["CONVERSATION_SCOPE", "chat-user"]],
    ["an unknown log level", { LOG_LEVEL: "INFO" }, ["LOG_LEVEL", "info"]],
    ["a short secret", { SESSION_NAME_SECRET: "fifteen letters" }, ["SESSION_NAME_SECRET"]],
    ["a database server", { DATABASE_PATH: "postgres://localhost/x" }, ["DATABASE_PATH"]],
    ["a placeholder", { TELEGRAM_BOT_TOKEN: "your-telegram-bot-token" }, ["TELEGRAM_BOT_TOKEN", "placeholder"]],
    ["a misspelt name", { COZE_BOT_ID: "", COZE_BOTID: "1" }, ["COZE_BOTID", "COZE_BOT_ID"]],
  ])("%s", async (_title, changes, told) => {
    const output = await refusal(environmentWith(changes));
    for (const part of told) {
      if (typeof part === "string") expect(output).toContain(part);
      else expect(output).toMatch(part);
    }
    expect(output).toContain("One setting needs a change");
  });
});

describe("coze-bridge start", () => {
  it("names every problem in one output", async () => {
    const bad = {
      COZE_BOT_ID: "weather",
      COZE_JWT_OAUTH_PUBLIC_KEY_ID: "",
      TELEGRAM_BOT_TOKEN: `bot${telegramToken}`,
      DISCORD_TOKEN: `Bot ${discordToken}`,
      SHUTDOWN_GRACE_MS: "soon",
      LOG_LEVEL: "loud",
    };
    const output = await refusal(environmentWith(bad));
    for (const name of Object.keys(bad)) expect(output).toContain(`  ${name}\n`);
    expect(output).toContain("6 settings need a change");
  });

  it("names every placeholder of an untouched .env.example", async () => {
    const example = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
    const folder = freshFolder();
    writeFileSync(join(folder, ".env"), example);
    const names = [...example.matchAll(/^(\w+)=your-/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(4);
    const output = await refusal({}, folder);
    for (const name of names) expect(output).toMatch(new RegExp(`^  ${name}\n.*placeholder`, "m"));
  });
});

describe("coze-bridge start refuses a database", () => {
  const refused = (path: string) => refusal(environmentWith({ DATABASE_PATH: path }));

  it("that is damaged", async () => {
    const path = freshDatabasePath();
    writeFileSync(path, "This is no database. ".repeat(500));
    expect(await refused(path)).toMatch(new RegExp(`${path} is damaged .*DATABASE_PATH`));
  });

  it("of a newer version", async () => {
    const path = freshDatabasePath();
    await openSqliteStore(path, { clock: systemClock }).close();
    const db = new Database(path);
    db.pragma("user_version = 1000");
    db.close();
    expect(await refused(path)).toMatch(/written by a newer version .*DATABASE_PATH/);
  });

  it("of another program", async () => {
    const path = freshDatabasePath();
    const db = new Database(path);
    db.exec("CREATE TABLE notes (text)");
    db.close();
    expect(await refused(path)).toMatch(/belongs to another program.*DATABASE_PATH/);
  });

  it("where no folder can be", async () => {
    const file = freshDatabasePath();
    writeFileSync(file, "");
    expect(await refused(join(file, "sub", "bridge.db"))).toMatch(/doesn't exist and can't be created.*DATABASE_PATH/);
  });

  it("where there is a folder", async () => {
    expect(await refused(freshFolder())).toMatch(/is a folder.*DATABASE_PATH/);
  });

  // Not even root may write here.
  it.runIf(process.platform === "linux")("where nothing may be written", async () => {
    expect(await refused("/sys/bridge.db")).toMatch(/can't be written .*DATABASE_PATH/);
  });
});

describe.each(platformNames)("A bridge that runs (%s)", (platform) => {
  let world: StartedWorld;
  beforeAll(async () => {
    world = await startWorld({ platform });
  });
  afterAll(async () => {
    world.assertDiscretion();
    await world.close();
  });

  it("keeps its database from a second one", async () => {
    expect(await refusal(world.environment)).toMatch(/Another coze-bridge is running on the database .*DATABASE_PATH/);
    const { person, room } = world.someone();
    await world.ask(person, room, "Still there?", "You said: Still there?");
  });
});
