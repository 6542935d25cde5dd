import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { environmentLines } from "../../../src/playground/environment-lines.ts";

const variables = {
  PLAIN: "http://127.0.0.1:18080/api",
  TOKEN: "7461203958:AA-bb_cc.dd",
  KEY: "-----BEGIN PRIVATE KEY-----\\nMIIE+/==\\n-----END PRIVATE KEY-----",
  SPECIAL: 'a $HOME `id` "b" #c \\n !d',
  FOLDER: "/tmp/a folder/bridge.db",
};

test("a .env reader reads what was written", () => {
  expect(parseEnv(environmentLines(variables).join("\n"))).toEqual(variables);
});

test("a shell reads what was written", () => {
  const folder = mkdtempSync(join(tmpdir(), "coze-bridge-lines-"));
  const file = join(folder, "lines");
  writeFileSync(file, `${environmentLines(variables).join("\n")}\n`);
  const print = `process.stdout.write(JSON.stringify(process.env))`;
  const script = `set -a; . "${file}"; exec "${process.execPath}" -e '${print}'`;
  const output = execFileSync("sh", ["-c", script], { env: {}, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(JSON.parse(output)).toMatchObject(variables);
});

test.each(["it's", "two\nlines"])("refuses %j, which the two would read differently", (value) => {
  expect(() => environmentLines({ NAME: value })).toThrow("NAME can't be written in one quoted line.");
});
