import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { discordToken, privateKeyPem, telegramToken, valid } from "./valid-environment.ts";

test("the least that is needed gives every default", () => {
  const { config, secrets } = readConfig(valid);
  expect(config).toEqual({
    coze: {
      base: "https://api.coze.cn",
      mode: { kind: "agent", botId: "7379462189365198898" },
      auth: {
        kind: "jwt",
        clientId: "1173949710000",
        publicKeyId: "4hmXW9d4XIhrKMEkdNvWVzuLJzPPD0XWVOlg5b2gB3o",
      },
      idleTimeoutMs: 120_000,
      turnTimeoutMs: 900_000,
    },
    telegram: { streamMode: "edit", format: "entities" },
    databasePath: "data/bridge.db",
    conversationScope: "chat-user",
    shutdownGraceMs: 15_000,
    turnMaxAgeMs: 86_400_000,
    adminUsers: new Set(),
    questions: { context: {}, fileParameters: {}, maxFileBytes: 52_428_800 },
    show: {
      buttons: new Set(["stop", "options", "follow-ups", "regenerate", "feedback"]),
      reasoning: "hidden",
      toolStatus: false,
    },
    retentionDays: 30,
    logLevel: "info",
  });
  expect(secrets).toEqual({
    cozePrivateKey: expect.objectContaining({ type: "private" }),
    telegramToken,
    tools: new Map(),
  });
});

test("everything that can be set is taken over", () => {
  const { config, secrets } = readConfig({
    COZE_API_BASE: "http://127.0.0.1:4000/",
    COZE_API_TOKEN: "pat_QBzr0ksGYMlJBHxaNYEr8ZSXnCZoLBd7",
    COZE_WORKFLOW_ID: "7400000000000000001",
    COZE_APP_ID: "7400000000000000002",
    COZE_IDLE_TIMEOUT_MS: "500",
    COZE_TURN_TIMEOUT_MS: "5000",
    TELEGRAM_BOT_TOKEN: "1:TESTTOKEN",
    TELEGRAM_API_BASE: "http://127.0.0.1:4001",
    TELEGRAM_STREAM_MODE: "draft",
    TELEGRAM_FORMAT: "rich",
    DISCORD_TOKEN: discordToken,
    DISCORD_API_BASE: "http://127.0.0.1:4002/api/",
    DISCORD_MESSAGE_CONTENT: "true",
    DISCORD_FINISH: "fresh",
    DATABASE_PATH: "/var/lib/bridge.db",
    CONVERSATION_SCOPE: "chat",
    SESSION_NAME_SECRET: "sixteen letters!",
    SHUTDOWN_GRACE_MS: "0",
    TURN_MAX_AGE_MS: "60000",
    RETENTION_DAYS: "7",
    BUTTONS: "stop, feedback",
    ADMIN_USERS: "telegram:42, discord:112233445566778899",
    HEALTH_PORT: "9464",
    HEALTH_HOST: "0.0.0.0",
    ADMIN_CHAT: "telegram:-1001234567890",
    LOG_LEVEL: "debug",
  });
  expect(config).toEqual({
    coze: {
      base: "http://127.0.0.1:4000",
      mode: { kind: "chatflow-app", workflowId: "7400000000000000001", appId: "7400000000000000002" },
      auth: { kind: "token" },
      idleTimeoutMs: 500,
      turnTimeoutMs: 5_000,
    },
    telegram: { apiBase: "http://127.0.0.1:4001", streamMode: "draft", format: "rich" },
    discord: { apiBase: "http://127.0.0.1:4002/api", messageContent: true, finish: "fresh" },
    databasePath: "/var/lib/bridge.db",
    conversationScope: "chat",
    shutdownGraceMs: 0,
    turnMaxAgeMs: 60_000,
    adminUsers: new Set(["telegram:42", "discord:112233445566778899"]),
    questions: { context: {}, fileParameters: {}, maxFileBytes: 52_428_800 },
    show: { buttons: new Set(["stop", "feedback"]), reasoning: "hidden", toolStatus: false },
    retentionDays: 7,
    health: { host: "0.0.0.0", port: 9464 },
    adminChat: { platform: "telegram", chatId: "-1001234567890" },
    logLevel: "debug",
  });
  expect(secrets).toEqual({
    cozeToken: "pat_QBzr0ksGYMlJBHxaNYEr8ZSXnCZoLBd7",
    telegramToken: "1:TESTTOKEN",
    discordToken,
    sessionNameSecret: "sixteen letters!",
    tools: new Map(),
  });
});

describe("what is accepted", () => {
  test.each([
    ["blanks around a value", { COZE_BOT_ID: " 123 " }],
    ["quotes around a value, as docker's --env-file keeps them", { COZE_BOT_ID: '"123"' }],
    ["single quotes", { COZE_BOT_ID: "'123'" }],
  ])("%s", (_case, change) => {
    expect(readConfig({ ...valid, ...change }).config.coze.mode).toEqual({ kind: "agent", botId: "123" });
  });

  test("a chatflow that runs for an agent", () => {
    expect(readConfig({ ...valid, COZE_WORKFLOW_ID: "9" }).config.coze.mode).toEqual({
      kind: "chatflow-bot",
      workflowId: "9",
      botId: valid.COZE_BOT_ID,
    });
  });

  test("Discord alone", () => {
    const { config, secrets } = readConfig({ ...valid, TELEGRAM_BOT_TOKEN: "", DISCORD_TOKEN: discordToken });
    expect(config).toMatchObject({ discord: { messageContent: false } });
    expect(config).not.toHaveProperty("telegram");
    expect(secrets.discordToken).toBe(discordToken);
  });

  test.each(["127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "bridge-1.internal"])("the host %s", (host) => {
    const { config } = readConfig({ ...valid, HEALTH_PORT: "9464", HEALTH_HOST: host });
    expect(config.health).toEqual({ host, port: 9464 });
  });

  test("a host without a port, which serves nothing", () => {
    expect(readConfig({ ...valid, HEALTH_HOST: "0.0.0.0" }).config).not.toHaveProperty("health");
  });

  test("a channel of Discord for the operator", () => {
    const env = { ...valid, DISCORD_TOKEN: discordToken, ADMIN_CHAT: "discord:1234567890123456789" };
    expect(readConfig(env).config.adminChat).toEqual({ platform: "discord", chatId: "1234567890123456789" });
  });

  test("a total time below the silence that nobody set", () => {
    expect(readConfig({ ...valid, COZE_TURN_TIMEOUT_MS: "60000" }).config.coze.turnTimeoutMs).toBe(60_000);
  });

  test("a key from a file, and a key with written-out line breaks", () => {
    const path = join(temporaryFolder(), "key.pem");
    writeFileSync(path, privateKeyPem);
    const fromFile = { ...valid, COZE_JWT_OAUTH_PRIVATE_KEY: "", COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH: path };
    const inOneLine = { ...valid, COZE_JWT_OAUTH_PRIVATE_KEY: privateKeyPem.replaceAll("\n", "\\n") };
    for (const env of [fromFile, inOneLine]) {
      const key = readConfig(env).secrets.cozePrivateKey;
      expect(key?.export({ type: "pkcs8", format: "pem" })).toBe(privateKeyPem);
    }
  });

  test("other programs' variables, as long as ours are set", () => {
    const others = {
      COZE_API_KEY: "x",
      COZE_PRIVATE_KEY: "x",
      COZE_AGENT_NAME: "x",
      TELEGRAM_TOKEN: "x",
      PATH: "/bin",
    };
    expect(readConfig({ ...others, ...valid }).config.coze.auth.kind).toBe("jwt");
  });
});
