import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { redact } from "../../src/redact.ts";

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const pkcs8 = key.export({ type: "pkcs8", format: "pem" }).toString();
const encrypted = key.export({ type: "pkcs1", format: "pem", cipher: "aes-128-cbc", passphrase: "x" }).toString();
const base64 = pkcs8.split("\n")[3] ?? "";
const telegram = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const discord = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB";
const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3NDYyIn0.c2lnbmF0dXJl_-c2ln";
const coze = "QBzr0ksGYMlJBHxaNYEr8ZSXnCZoLBd7xZDqzLNPzM7v0ACvzTv2TnhHd4uRPPnL";
const interaction = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTpzZWNyZXQ";

test.each([
  ["a Telegram address", `GET https://api.telegram.org/bot${telegram}/getMe failed`, telegram],
  ["a Telegram file address", `https://api.telegram.org/file/bot${telegram}/a.jpg`, telegram],
  ["a Telegram address, encoded", `/bot${telegram.replace(":", "%3A")}/getMe`, "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"],
  ["a short test token in an address", "http://127.0.0.1:1/bot1:TESTTEST/getMe", "TESTTEST"],
  ["a Telegram token alone", `token ${telegram} refused`, telegram],
  ["a Telegram token alone, encoded", `?t=${telegram.replace(":", "%3A")}`, "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"],
  ["a bearer header", "authorization: Bearer abc.DEF_123-xyz", "abc.DEF"],
  ["a Discord header", `Authorization: Bot ${discord}`, discord],
  ["a Discord token alone", `token=${discord};`, discord],
  ["an interaction's address", `POST /interactions/1234/${interaction}/callback`, interaction],
  ["a webhook's address", `PATCH /webhooks/1234/${interaction}/messages/@original`, interaction],
  ["a JWT", `jwt ${jwt} expired`, jwt],
  ["a JWT without its signature", `${jwt.split(".").slice(0, 2).join(".")} cut`, "eyJpc3MiOiI3NDYyIn0"],
  ["a personal token", `{"token":"pat_${coze}"}`, coze],
  ["a service token", `sat_${coze}`, coze],
  ["an access token", `czs_${coze}`, coze],
  ["a token of an account at Volcano Engine", `cztei_${coze}`, coze],
  ["a private key", `before ${pkcs8} after`, base64],
  ["a private key in JSON", JSON.stringify({ pkcs8 }), base64],
  ["a private key with escaped breaks, in JSON", JSON.stringify({ pkcs8: pkcs8.replaceAll("\n", "\\n") }), base64],
  ["a private key without its end", `${pkcs8.slice(0, 600)} (cut)`, base64],
  ["an encrypted private key", encrypted, encrypted.split("\n")[5] ?? ""],
])("%s is hidden", (_case, text, secret) => {
  expect(secret.length).toBeGreaterThan(5);
  expect(text).toContain(secret);
  expect(redact(text)).not.toContain(secret);
  expect(redact(text)).toContain("[redacted]");
});

test.each([
  "Call to 'editMessageText' failed! (400: Bad Request: message is not modified)",
  "POST /v3/chat 4000 logid 20260801123456ABCDEF0123456789ABCD",
  "conversation 7379462189365198898 of telegram:42 at 2026-08-01T12:34:56.789Z",
  "https://api.coze.cn/v1/workflows/chat?conversation_id=7379462189365198898",
  "Bot started; the bearer of bad news; pat_; node_modules/discord.js/src/rest/REST.js:110:12",
  "-----BEGIN PUBLIC KEY-----",
])("%s stays as it is", (text) => {
  expect(redact(text)).toBe(text);
});

test("what stands around a secret stays readable", () => {
  expect(redact(`GET /bot${telegram}/getMe: 401`)).toBe("GET /bot[redacted]/getMe: 401");
  expect(redact(`before ${pkcs8.trim()}, after`)).toBe("before [redacted], after");
});
