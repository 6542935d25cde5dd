import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { readEnvironment } from "../../../src/config/env.ts";
import { ConfigError } from "../../../src/errors.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let folder: string;
const write = (text: string) => writeFileSync(join(folder, ".env"), text);

beforeEach(() => {
  folder = temporaryFolder();
  return () => vi.unstubAllEnvs();
});

test("without a file, the environment is all there is", () => {
  vi.stubEnv("COZE_BOT_ID", "1");
  expect(readEnvironment(folder).COZE_BOT_ID).toBe("1");
  expect(readEnvironment(folder).COZE_APP_ID).toBeUndefined();
});

test("the real environment wins over the file", () => {
  vi.stubEnv("COZE_BOT_ID", "real");
  write("COZE_BOT_ID=file\nCOZE_APP_ID=file");
  expect(readEnvironment(folder)).toMatchObject({ COZE_BOT_ID: "real", COZE_APP_ID: "file" });
});

test("an empty variable is not set, so the file's value holds", () => {
  vi.stubEnv("COZE_BOT_ID", "");
  write("COZE_BOT_ID=file\nCOZE_APP_ID=\nCOZE_API_BASE='  '");
  const env = readEnvironment(folder);
  expect(env.COZE_BOT_ID).toBe("file");
  expect(env).not.toHaveProperty("COZE_APP_ID");
  expect(env).not.toHaveProperty("COZE_API_BASE");
});

test("a file as editors on Windows write it", () => {
  write("\ufeffCOZE_BOT_ID=1\r\nCOZE_APP_ID=2\r\n");
  expect(readEnvironment(folder)).toMatchObject({ COZE_BOT_ID: "1", COZE_APP_ID: "2" });
});

test("a key of several lines in quotes", () => {
  write('COZE_JWT_OAUTH_PRIVATE_KEY="-----BEGIN\nabc\n-----END"\nCOZE_APP_ID=2 # the app');
  expect(readEnvironment(folder)).toMatchObject({
    COZE_JWT_OAUTH_PRIVATE_KEY: "-----BEGIN\nabc\n-----END",
    COZE_APP_ID: "2",
  });
});

test("it changes nothing in the process's environment", () => {
  write("COZE_BRIDGE_TEST=1");
  expect(readEnvironment(folder).COZE_BRIDGE_TEST).toBe("1");
  vi.stubEnv("COZE_BRIDGE_TEST", undefined);
  expect(readEnvironment(temporaryFolder())).not.toHaveProperty("COZE_BRIDGE_TEST");
});

test("a .env that can't be read is a problem, not an empty one", () => {
  mkdirSync(join(folder, ".env"));
  expect(() => readEnvironment(folder)).toThrow(ConfigError);
  expect(() => readEnvironment(folder)).toThrow(/^\.env: The file .* can't be read/);
});
