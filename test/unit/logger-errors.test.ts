import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import Database from "better-sqlite3";
import { REST } from "discord.js";
import { Api, type ApiClientOptions, BotError, type Context } from "grammy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createFixedToken } from "../../src/coze/auth.ts";
import { createCozeClient } from "../../src/coze/client.ts";
import { createLogger } from "../../src/logger.ts";
import { secretIn } from "../support/secret-shapes.ts";
import { unusedAddress } from "../support/unused-address.ts";
import { discordToken, privateKeyPem, telegramToken } from "./config/valid-environment.ts";
import { type HttpServer, replyJson, startHttpServer } from "./coze/http-server.ts";

const personalToken = `pat_${"Q7".repeat(20)}`;
const said = "what a person wrote";
const logger = createLogger("silent");
let server: HttpServer;

/** How the other end answers, by the first part of the path. Each quotes what it was sent, as gateways do. */
const answers: Readonly<Record<string, (response: ServerResponse, quoted: string) => void>> = {
  refuse: (response, quoted) => {
    const body = { ok: false, error_code: 400, description: `Bad Request: ${quoted}`, code: 4000, msg: quoted };
    replyJson(response, { ...body, message: quoted, logid: "L" }, 400);
  },
  page: (response, quoted) => response.writeHead(502, { "Content-Type": "text/html" }).end(`<html>${quoted}</html>`),
  reset: (response) => response.destroy(),
};

beforeAll(async () => {
  server = await startHttpServer(({ path, headers }, response) => {
    const [, kind = ""] = path.split("/");
    answers[kind]?.(response, `${path} ${headers.authorization ?? ""}`);
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** What `call` rejects with. */
async function failureOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("the call was to fail");
}

function telegram(apiRoot: string, options: ApiClientOptions = {}): Promise<unknown> {
  return failureOf(() => new Api(telegramToken, { apiRoot, ...options }).sendMessage(1, said));
}

function discord(api: string): Promise<unknown> {
  const rest = new REST({ api, version: "10", retries: 0, timeout: 2_000 }).setToken(discordToken);
  const interaction = `/interactions/1234567890123456789/${"aW50ZXJhY3Rpb24".repeat(4)}/callback` as const;
  return failureOf(() => rest.post(interaction, { body: { content: said } }));
}

function coze(base: string): Promise<unknown> {
  const client = createCozeClient({
    ...{ base, clock: systemClock, logger, idleTimeoutMs: 5_000, tokens: createFixedToken(personalToken) },
    mode: { kind: "agent", botId: "7379462189365198898" },
  });
  const signal = new AbortController().signal;
  return failureOf(() => client.clearConversation("telegram:1", "7400000000000000001", signal));
}

function database(): unknown {
  const db = new Database(":memory:");
  try {
    db.prepare(`SELECT '${telegramToken}' FROM nothing`);
  } catch (error) {
    return error;
  } finally {
    db.close();
  }
  throw new Error("the statement was to fail");
}

function unreadableKey(): unknown {
  try {
    createPrivateKey(privateKeyPem.replace("MII", "XXX"));
  } catch (error) {
    return error;
  }
  throw new Error("the key was to be refused");
}

const failures: readonly (readonly [string, () => Promise<unknown> | unknown])[] = [
  ["grammY's, refused", () => telegram(`${server.base}/refuse`)],
  ["grammY's, a page", () => telegram(`${server.base}/page`)],
  ["grammY's, a reset", () => telegram(`${server.base}/reset`)],
  [
    "grammY's, nobody there, with its sensitive logs on",
    async () => telegram(await unusedAddress(), { sensitiveLogs: true }),
  ],
  ["grammY's in its middleware", async () => botError(await telegram(`${server.base}/refuse`))],
  ["discord.js's, refused", () => discord(`${server.base}/refuse`)],
  ["discord.js's, a page", () => discord(`${server.base}/page`)],
  ["discord.js's, a reset", () => discord(`${server.base}/reset`)],
  ["discord.js's, nobody there", async () => discord(await unusedAddress())],
  ["undici's, no such address", () => failureOf(() => fetch(`http://[bad/bot${telegramToken}/getMe`))],
  [
    "undici's, nobody there",
    async () => {
      const url = `${await unusedAddress()}/bot${telegramToken}/getMe`;
      return failureOf(() => fetch(url, { headers: { Authorization: `Bearer ${personalToken}` } }));
    },
  ],
  [
    "undici's, a header that none is",
    () =>
      failureOf(() =>
        fetch(server.base, { headers: { Authorization: `Bearer ${personalToken}\n`, "x y": personalToken } }),
      ),
  ],
  ["the Coze client's, refused", () => coze(`${server.base}/refuse`)],
  ["the Coze client's, a page", () => coze(`${server.base}/page`)],
  ["the Coze client's, a reset", () => coze(`${server.base}/reset`)],
  ["SQLite's", database],
  ["a key's", unreadableKey],
];

/** As grammY gives it to `bot.catch`: with everything of the update and the token. */
function botError(error: unknown): BotError {
  const context = { update: { message: { text: said } }, api: new Api(telegramToken) };
  return new BotError(error, context as unknown as Context);
}

/** Every place of a line where an error may stand. */
const places: readonly (readonly [string, (error: unknown) => readonly [object, string]])[] = [
  ["err", (err) => [{ err }, "failed"]],
  ["another field", (error) => [{ error }, "failed"]],
  ["an array", (error) => [{ errors: [error, error] }, "failed"]],
  ["a cause", (cause) => [{ err: new Error("outer", { cause: new Error("inner", { cause }) }) }, "failed"]],
  ["one of several", (error) => [{ err: new AggregateError([error], "all failed") }, "failed"]],
  ["the message", (error) => [{}, `failed: ${String(error)}`]],
  ["a string", (error) => [{ text: error instanceof Error ? `${error.stack}` : "" }, "failed"]],
  ["alone", (error) => [error as Error, "failed"]],
];

describe("no error shape that can be logged tells a secret or what a person wrote", () => {
  test.each(failures)("%s", async (_whose, fail) => {
    const error = await fail();
    expect(error).toBeInstanceOf(Error);
    for (const [place, put] of places) {
      const lines: string[] = [];
      const [fields, message] = put(error);
      createLogger("trace", { write: (line) => void lines.push(line) }).error(fields, message);
      expect(lines, place).toHaveLength(1);
      for (const line of lines) {
        expect(secretIn(line), place).toBeUndefined();
        expect(line, place).not.toContain(said);
        for (const secret of [telegramToken.slice(-20), discordToken.slice(-20), personalToken.slice(-20)]) {
          expect(line, place).not.toContain(secret);
        }
      }
    }
  });
});

test("a private key that an error quotes is hidden, whole and in lines", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const type of ["pkcs1", "pkcs8"] as const) {
    const pem = privateKey.export({ type, format: "pem" }).toString();
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    createLogger("info", { write }).error({ err: new Error(`can't read ${pem}`), pem, list: [pem] }, pem);
    for (const line of pem.split("\n").slice(1, -2)) expect(lines.join("")).not.toContain(line);
  }
});
