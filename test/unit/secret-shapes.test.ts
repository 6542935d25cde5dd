import { expect, test } from "vitest";
import { redact } from "../../src/redact.ts";
import { secretIn } from "../support/secret-shapes.ts";
import { discordToken, privateKeyPem, telegramToken } from "./config/valid-environment.ts";

const random = "QBzr0ksGYMlJBHxaNYEr8ZSXnCZoLBd7xZDqzLNPzM7v0ACvzTv2TnhHd4uRPPnL";

const printed: readonly (readonly [string, string])[] = [
  ["a Telegram token", `token ${telegramToken}`],
  ["an encoded Telegram token", `token ${telegramToken.replace(":", "%3A")}`],
  ["a Telegram address", "POST http://localhost:1/bot1:TESTTEST/sendMessage"],
  ["a Discord token", `{"token":"${discordToken}"}`],
  ["an interaction's address", `/interactions/1234567890123456789/${random}/callback`],
  ...["pat", "sat", "czs", "czu", "cztei"].map((kind) => [`a token ${kind}_`, `{"t":"${kind}_${random}"}`] as const),
  ["a JWT", "jwt eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3NDYyIn0.c2ln"],
  ["a header", `Authorization: Bearer ${random}`],
  ["a private key", JSON.stringify(privateKeyPem)],
];

test.each(printed)("%s is seen in what a bridge printed, and not once it is redacted", (_what, text) => {
  expect(secretIn(text)).toBeDefined();
  expect(secretIn(redact(text))).toBeUndefined();
});

test("what is found is told by its first letters only", () => {
  expect(secretIn(`x ${telegramToken}`)).toBe("a Telegram token (11020154…)");
});

test.each([
  '{"level":"info","time":"2026-08-01T12:34:56.789Z","conversationId":"7379462189365198898","msg":"turn ended"}',
  "HEALTH_PORT\n    Another program listens on 127.0.0.1:9464.",
  "node_modules/discord.js/src/rest/REST.js:110:12",
  'There is no line "-----BEGIN PRIVATE KEY-----", so this is not a PEM key.',
  "logid 20260801123456ABCDEF0123456789ABCDEF",
])("%s holds no secret", (text) => {
  expect(secretIn(text)).toBeUndefined();
});
