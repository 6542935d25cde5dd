import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Environment } from "../../../src/config/env.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { problemsOf, refuses } from "./refusals.ts";
import { privateKeyPem, publicKeyPem, valid } from "./valid-environment.ts";

const noJwt: Environment = {
  COZE_JWT_OAUTH_CLIENT_ID: "",
  COZE_JWT_OAUTH_PUBLIC_KEY_ID: "",
  COZE_JWT_OAUTH_PRIVATE_KEY: "",
};

describe("who answers", () => {
  refuses([
    ["neither agent nor flow", { COZE_BOT_ID: "" }, "COZE_BOT_ID, COZE_WORKFLOW_ID", /Neither is set/],
    ["a flow without app or agent", { COZE_BOT_ID: "", COZE_WORKFLOW_ID: "1" }, "COZE_APP_ID, COZE_BOT_ID", /neither/],
    ["a flow with app and agent", { COZE_WORKFLOW_ID: "1", COZE_APP_ID: "2" }, "COZE_APP_ID, COZE_BOT_ID", /both are/],
    ["an app without flow", { COZE_APP_ID: "2" }, "COZE_WORKFLOW_ID", /Missing, while COZE_APP_ID is set/],
    ["a name for an id", { COZE_BOT_ID: "weather" }, "COZE_BOT_ID", /digits only; got "weather".*\/bot\//],
    [
      "the agent's page",
      { COZE_BOT_ID: "https://www.coze.cn/space/7379000000000000000/bot/7379462189365198898" },
      "COZE_BOT_ID",
      /after \/bot\/ .*: 7379462189365198898\.$/,
    ],
    [
      "the flow's page",
      { COZE_WORKFLOW_ID: "https://www.coze.cn/work_flow?space_id=73&workflow_id=7400000000000000001" },
      "COZE_WORKFLOW_ID",
      /after workflow_id= .*: 7400000000000000001\.$/,
    ],
    [
      "the app's page",
      {
        COZE_BOT_ID: "",
        COZE_WORKFLOW_ID: "1",
        COZE_APP_ID: "https://www.coze.cn/space/73/project-ide/740000000002/x",
      },
      "COZE_APP_ID",
      /after \/project-ide\/ .*: 740000000002\.$/,
    ],
    ["another name of the agent's id", { COZE_BOT_ID: "", COZE_AGENT_ID: "1" }, "COZE_AGENT_ID", /mean COZE_BOT_ID\?/],
    ["a misspelt name", { COZE_BOT_ID: "", COZE_BOTID: "1" }, "COZE_BOTID", /nothing reads it.*mean COZE_BOT_ID\?/],
  ]);
});

describe("signing in to Coze", () => {
  const file = "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH";
  const none = `COZE_JWT_OAUTH_CLIENT_ID, COZE_JWT_OAUTH_PUBLIC_KEY_ID, ${file}`;
  refuses([
    ["nothing set", noJwt, none, /Nothing is set.*COZE_API_TOKEN/],
    ["both ways", { COZE_API_TOKEN: "pat_12345678" }, "COZE_API_TOKEN", /only one of the two/],
    ["a JWT without its app", { COZE_JWT_OAUTH_CLIENT_ID: "" }, "COZE_JWT_OAUTH_CLIENT_ID", /Missing, while COZE_JWT/],
    ["a JWT without its key", { COZE_JWT_OAUTH_PRIVATE_KEY: "" }, file, /Missing, while COZE_JWT_OAUTH_CLIENT_ID, /],
    [
      "a key alone",
      { COZE_JWT_OAUTH_CLIENT_ID: "", COZE_JWT_OAUTH_PUBLIC_KEY_ID: "" },
      "COZE_JWT_OAUTH_CLIENT_ID, COZE_JWT_OAUTH_PUBLIC_KEY_ID",
      /Missing, while COZE_JWT_OAUTH_PRIVATE_KEY is set/,
    ],
    ["two keys", { [file]: "key.pem" }, `COZE_JWT_OAUTH_PRIVATE_KEY, ${file}`, /Both are set/],
    [
      "a public key for its id",
      { COZE_JWT_OAUTH_PUBLIC_KEY_ID: publicKeyPem },
      "COZE_JWT_OAUTH_PUBLIC_KEY_ID",
      /a key, not/,
    ],
    [
      "an invisible mark in the app's id",
      { COZE_JWT_OAUTH_CLIENT_ID: "117\u200b3" },
      "COZE_JWT_OAUTH_CLIENT_ID",
      /letters/,
    ],
    ["a token with its header's word", { ...noJwt, COZE_API_TOKEN: "Bearer pat_1" }, "COZE_API_TOKEN", /word Bearer/],
    ["a token with a line break", { ...noJwt, COZE_API_TOKEN: "pat_1\npat_2" }, "COZE_API_TOKEN", /blanks/],
    ["another name of the token", { ...noJwt, COZE_TOKEN: "pat_1" }, "COZE_TOKEN", /mean COZE_API_TOKEN\?/],
    [
      "another name of the key",
      { COZE_JWT_OAUTH_PRIVATE_KEY: "", COZE_PRIVATE_KEY: privateKeyPem },
      "COZE_PRIVATE_KEY",
      /mean COZE_JWT_OAUTH_PRIVATE_KEY\?/,
    ],
    [
      "another name of the key's file",
      { COZE_JWT_OAUTH_PRIVATE_KEY: "", COZE_PRIVATE_KEY_PATH: "key.pem" },
      "COZE_PRIVATE_KEY_PATH",
      /mean COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH\?/,
    ],
    [
      "another name of the app's id",
      { COZE_JWT_OAUTH_CLIENT_ID: "", COZE_CLIENT_ID: "1" },
      "COZE_CLIENT_ID",
      /Did you mean/,
    ],
  ]);
});

describe("the private key", () => {
  const inline = "COZE_JWT_OAUTH_PRIVATE_KEY";
  const file = "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH";
  const lines = privateKeyPem.split("\n");
  refuses([
    ["a path in place of the key", { [inline]: "/etc/coze/key.pem" }, inline, /file's path.*FILE_PATH/],
    ["a file's name in place of the key", { [inline]: "key.pem" }, inline, /file's path.*FILE_PATH/],
    ["no PEM at all", { [inline]: "secret" }, inline, /not a PEM key/],
    ["the first line of an unquoted key", { [inline]: lines[0] }, inline, /Only the first line.*double quotes/],
    ["a key that lost a part", { [inline]: [lines[0], ...lines.slice(5)].join("\n") }, inline, /damaged/],
    ["a public key", { [inline]: publicKeyPem }, inline, /public key; the private key is needed/],
    ["a missing file", { [inline]: "", [file]: "no/such.pem" }, file, /no file ".*\/no\/such\.pem".*relative/],
    ["a key in place of the path", { [inline]: "", [file]: privateKeyPem }, file, /a key, not a file's path/],
    [
      "a key without its first and last line in place of the path",
      { [inline]: "", [file]: lines.slice(1, -2).join("") },
      file,
      /a key, not a file's path/,
    ],
  ]);

  test("a folder, and a file without a key, are named by their variable", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "key.pem"), "no key");
    for (const [name, told] of [
      ["sub", /Can't read/],
      ["key.pem", /not a PEM key/],
    ] as const) {
      const [problem, ...others] = problemsOf({ ...valid, [inline]: "", [file]: join(folder, name) });
      expect(problem?.variable).toBe(file);
      expect(problem?.problem).toMatch(told);
      expect(others).toEqual([]);
    }
  });
});
