import { describe, expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { problemsOf, refuses } from "./refusals.ts";
import { discordToken, privateKeyPem, telegramToken, valid } from "./valid-environment.ts";

describe("platforms", () => {
  refuses([
    ["none", { TELEGRAM_BOT_TOKEN: "" }, "TELEGRAM_BOT_TOKEN, DISCORD_TOKEN", /Neither is set.*@BotFather/],
    [
      "a Telegram token with the address's word",
      { TELEGRAM_BOT_TOKEN: `bot${telegramToken}` },
      "TELEGRAM_BOT_TOKEN",
      /word bot/,
    ],
    ["half of a Telegram token", { TELEGRAM_BOT_TOKEN: "110201543" }, "TELEGRAM_BOT_TOKEN", /not a bot token/],
    [
      "a Telegram token with a blank",
      { TELEGRAM_BOT_TOKEN: "1:AAHdqTcv CH1vGWJx" },
      "TELEGRAM_BOT_TOKEN",
      /not a bot token/,
    ],
    [
      "another name of the Telegram token",
      { TELEGRAM_BOT_TOKEN: "", TELEGRAM_TOKEN: "1" },
      "TELEGRAM_TOKEN",
      /mean TELEGRAM_BOT_TOKEN\?/,
    ],
    ["another name of the Discord token", { DISCORD_BOT_TOKEN: "x" }, "DISCORD_BOT_TOKEN", /mean DISCORD_TOKEN\?/],
    [
      "a Discord token with its header's word",
      { DISCORD_TOKEN: `Bot ${discordToken}` },
      "DISCORD_TOKEN",
      /begins with a word/,
    ],
    ["Discord's application id", { DISCORD_TOKEN: "1234567890123456789" }, "DISCORD_TOKEN", /application's id/],
    ["Discord's public key", { DISCORD_TOKEN: "ab".repeat(32) }, "DISCORD_TOKEN", /public key/],
    ["a Discord token in curly quotes", { DISCORD_TOKEN: `“${discordToken}”` }, "DISCORD_TOKEN", /not a bot token/],
    [
      "a word for a flag",
      { DISCORD_TOKEN: discordToken, DISCORD_MESSAGE_CONTENT: "yes" },
      "DISCORD_MESSAGE_CONTENT",
      /mean true\?/,
    ],
    [
      "no flag",
      { DISCORD_TOKEN: discordToken, DISCORD_MESSAGE_CONTENT: "maybe" },
      "DISCORD_MESSAGE_CONTENT",
      /"maybe"/,
    ],
    ["a plural", { TELEGRAM_STREAM_MODE: "drafts" }, "TELEGRAM_STREAM_MODE", /edit, draft; got "drafts".*mean draft\?/],
    ["another format", { TELEGRAM_FORMAT: "html" }, "TELEGRAM_FORMAT", /entities, rich.*entities is used/],
    [
      "another end",
      { DISCORD_TOKEN: discordToken, DISCORD_FINISH: "new" },
      "DISCORD_FINISH",
      /edit, fresh.*edit is used/,
    ],
  ]);
});

describe("addresses", () => {
  refuses([
    [
      "Coze's website",
      { COZE_API_BASE: "https://www.coze.cn" },
      "COZE_API_BASE",
      /not Coze's API. Set it to https:\/\/api\.coze\.cn\./,
    ],
    [
      "Coze's other website",
      { COZE_API_BASE: "https://coze.com/" },
      "COZE_API_BASE",
      /Set it to https:\/\/api\.coze\.com\./,
    ],
    ["a path that the bridge adds", { COZE_API_BASE: "https://api.coze.cn/v3/" }, "COZE_API_BASE", /got \/v3\/ too/],
    ["tokens without protection", { COZE_API_BASE: "http://api.coze.cn" }, "COZE_API_BASE", /unprotected/],
    ["no scheme", { COZE_API_BASE: "api.coze.cn" }, "COZE_API_BASE", /begins with https/],
    ["another scheme", { COZE_API_BASE: "localhost:8080" }, "COZE_API_BASE", /begins with https/],
    [
      "a query",
      { TELEGRAM_API_BASE: "http://localhost:8081/x?a=b" },
      "TELEGRAM_API_BASE",
      /Keep http:\/\/localhost:8081\/x of it/,
    ],
    [
      "a password",
      { DISCORD_TOKEN: discordToken, DISCORD_API_BASE: "http://a:b@c" },
      "DISCORD_API_BASE",
      /without user name/,
    ],
    ["another name", { COZE_BASE_URL: "https://api.coze.com" }, "COZE_BASE_URL", /mean COZE_API_BASE\?/],
  ]);
});

describe("running", () => {
  refuses([
    ["a unit", { COZE_IDLE_TIMEOUT_MS: "120s" }, "COZE_IDLE_TIMEOUT_MS", /whole milliseconds .*"120s".*mean 120000\?/],
    ["another unit", { TURN_MAX_AGE_MS: "2 hours" }, "TURN_MAX_AGE_MS", /mean 7200000\?/],
    ["a fraction", { SHUTDOWN_GRACE_MS: "1.5" }, "SHUTDOWN_GRACE_MS", /whole milliseconds from 0 to 600000/],
    ["a sign", { SHUTDOWN_GRACE_MS: "-1" }, "SHUTDOWN_GRACE_MS", /The default is 15000/],
    ["too little", { COZE_IDLE_TIMEOUT_MS: "99" }, "COZE_IDLE_TIMEOUT_MS", /from 100/],
    ["too much", { COZE_IDLE_TIMEOUT_MS: "99999999" }, "COZE_IDLE_TIMEOUT_MS", /to 3600000/],
    ["a misspelt word", { CONVERSATION_SCOPE: "chat_user" }, "CONVERSATION_SCOPE", /Did you mean chat-user\?/],
    ["a word in other letters", { LOG_LEVEL: "INFO" }, "LOG_LEVEL", /Did you mean info\?/],
    [
      "an unknown word",
      { LOG_LEVEL: "everything" },
      "LOG_LEVEL",
      /Expected one of fatal, .*"everything".*info is used/,
    ],
    ["a short secret", { SESSION_NAME_SECRET: "fifteen letters" }, "SESSION_NAME_SECRET", /15 characters, at least 16/],
    ["a database server", { DATABASE_PATH: "postgres://db/bridge" }, "DATABASE_PATH", /path of a file/],
    ["a misspelt name", { SHUTDOWN_GRACE: "1" }, "SHUTDOWN_GRACE", /Did you mean SHUTDOWN_GRACE_MS\?/],
    [
      "a silence that an answer's end comes before",
      { COZE_IDLE_TIMEOUT_MS: "1000000" },
      "COZE_TURN_TIMEOUT_MS",
      /ends after 900000, before the silence of COZE_IDLE_TIMEOUT_MS.*at least 1000000/,
    ],
    ["no days", { RETENTION_DAYS: "0" }, "RETENTION_DAYS", /from 1 to 3650; got "0".*default is 30/],
    ["days with a unit", { RETENTION_DAYS: "30d" }, "RETENTION_DAYS", /whole number.*got "30d"/],
    [
      "days that are over before a question is too old",
      { RETENTION_DAYS: "1", TURN_MAX_AGE_MS: "86400001" },
      "RETENTION_DAYS",
      /shorter than TURN_MAX_AGE_MS.*at least 2/,
    ],
  ]);
});

describe("health and metrics", () => {
  refuses([
    ["a port out of range", { HEALTH_PORT: "65536" }, "HEALTH_PORT", /from 1 to 65535; got "65536".*such as 9464/],
    ["port 0", { HEALTH_PORT: "0" }, "HEALTH_PORT", /from 1 to 65535/],
    ["an address for a port", { HEALTH_PORT: ":9464" }, "HEALTH_PORT", /whole number .*":9464"/],
    ["a host with its port", { HEALTH_HOST: "127.0.0.1:9464" }, "HEALTH_HOST", /alone; .*belongs into HEALTH_PORT/],
    ["an address for a host", { HEALTH_HOST: "http://localhost" }, "HEALTH_HOST", /IP address or a host name/],
    ["another name", { METRICS_PORT: "9464" }, "METRICS_PORT", /mean HEALTH_PORT\?/],
  ]);
});

describe("the operator's chat", () => {
  refuses([
    ["an id alone", { ADMIN_CHAT: "123456789" }, "ADMIN_CHAT", /telegram:<chat id> or discord:.*telegram:123456789\.$/],
    ["a misspelt platform", { ADMIN_CHAT: "telegramm:1" }, "ADMIN_CHAT", /Did you mean telegram\?/],
    ["a platform that is off", { ADMIN_CHAT: "discord:1" }, "ADMIN_CHAT", /discord, which is off. Set DISCORD_TOKEN/],
    [
      "a name for an id",
      { ADMIN_CHAT: "telegram:@operators" },
      "ADMIN_CHAT",
      /id of a chat after telegram:; got "@operators".*numeric id/,
    ],
    ["no id", { ADMIN_CHAT: "telegram:" }, "ADMIN_CHAT", /got ""/],
    [
      "a channel's address",
      { DISCORD_TOKEN: discordToken, ADMIN_CHAT: "discord:https://discord.com/channels/1/2" },
      "ADMIN_CHAT",
      /after discord:; got "https.*Copy Channel ID/,
    ],
  ]);
});

test("all problems come together, in one message with a line for each", () => {
  const env = { COZE_WORKFLOW_ID: "x", COZE_API_BASE: "coze", LOG_LEVEL: "loud", SESSION_NAME_SECRET: "short" };
  expect(problemsOf(env).map((problem) => problem.variable)).toEqual([
    "COZE_API_BASE",
    "COZE_JWT_OAUTH_CLIENT_ID, COZE_JWT_OAUTH_PUBLIC_KEY_ID, COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH",
    "COZE_WORKFLOW_ID",
    "COZE_APP_ID, COZE_BOT_ID",
    "TELEGRAM_BOT_TOKEN, DISCORD_TOKEN",
    "SESSION_NAME_SECRET",
    "LOG_LEVEL",
  ]);
  expect(() => readConfig(env)).toThrow(/^COZE_API_BASE: .*\n(.*: .*\n){5}LOG_LEVEL: Expected .*$/);
});

test("no secret is told, however it is wrong and wherever it was pasted", () => {
  const body = privateKeyPem.split("\n")[3] ?? "";
  const secrets = [
    telegramToken,
    discordToken,
    "pat_QBzr0ksGYMlJBHxaNYEr8ZSXnCZoLBd7",
    "fifteen letters",
    privateKeyPem,
  ];
  const names = Object.keys(valid).concat(
    "COZE_API_TOKEN",
    "DISCORD_TOKEN",
    "SESSION_NAME_SECRET",
    "LOG_LEVEL",
    "COZE_APP_ID",
  );
  for (const secret of secrets) {
    const others = ["COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH", "COZE_API_BASE", "SHUTDOWN_GRACE_MS"];
    for (const name of [...names, ...others, "HEALTH_PORT", "HEALTH_HOST", "ADMIN_CHAT"]) {
      for (const pasted of [secret, ` Bot ${secret} x`]) {
        if (secret === "fifteen letters" && name !== "SESSION_NAME_SECRET") continue;
        const told = problemsOf({ ...valid, [name]: pasted }).map((problem) => `${problem.problem} ${problem.next}`);
        for (const hidden of [...secrets, body]) expect(told.join("\n")).not.toContain(hidden);
      }
    }
  }
});
