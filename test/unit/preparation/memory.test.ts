import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { QuestionFile } from "../../../src/coze/agent.ts";
import type { SentFile } from "../../../src/playground/chat-platform.ts";
import { MEGABYTE } from "../../../src/preparation/size-limit.ts";
import { startPreparing } from "./preparing.ts";

const uploader = fileURLToPath(new URL("uploader.mjs", import.meta.url));
const built = fileURLToPath(new URL("../../../dist/src/preparation/preparation.js", import.meta.url));

interface Upload {
  readonly files: readonly QuestionFile[];
  /** In bytes, at most. */
  readonly held: number;
}

/** What may wait in streams and sockets. About 9 MB were measured for every file of 50 MB and more. */
const mostHeld = 16 * MEGABYTE;

test("a file of 20 MB, and one of 50 MB, go from Discord to Coze and are never held whole", async () => {
  if (!existsSync(built)) throw new Error("The other process runs the built program: npm run build");
  const { chat, coze, send } = await startPreparing("discord");
  const fileOf = (megabytes: number): SentFile => {
    const bytes = Buffer.alloc(megabytes * MEGABYTE, megabytes);
    return { kind: "file", name: `${megabytes}.zip`, mimeType: "application/zip", bytes };
  };
  const sizes = [1, 20, 50];
  const turns = [];
  for (const size of sizes) turns.push(await send([fileOf(size)]));
  const { DISCORD_TOKEN: token, DISCORD_API_BASE: apiBase } = chat.environment;
  const task = { discord: { token, apiBase }, coze: { base: coze.baseUrl, token: coze.personalToken }, turns };
  const { stdout } = await promisify(execFile)(process.execPath, [uploader, JSON.stringify(task)]);
  const uploads = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Upload);

  const isWhole = sizes.map((size, n) => Buffer.from(coze.files[n]?.bytes ?? []).equals(fileOf(size).bytes));
  expect(isWhole).toEqual([true, true, true]);
  expect(uploads.map(({ files }) => files[0]?.fileId)).toEqual(coze.files.map(({ id }) => id));
  expect(Math.max(...uploads.map(({ held }) => held))).toBeLessThan(mostHeld);
});
