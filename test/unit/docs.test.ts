import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { variableNames } from "../../src/config/env.ts";
import { failures } from "../../src/turn/failures.ts";
import { problemsOf } from "./config/refusals.ts";
import { discordToken, valid } from "./config/valid-environment.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** Every `NAME=value` of the example, also those that are commented out. */
const example = [...read(".env.example").matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, name = "", value = ""]) => ({
    name,
    value: value.replace(/^"(.*)"$/, "$1"),
  }),
);
const placeholders = example.filter(({ value }) => value.includes("your-"));
const values = example.filter(({ value }) => !value.includes("your-"));

describe(".env.example", () => {
  test("it has every variable that the bridge reads, once, and no other", () => {
    expect(example.map(({ name }) => name).sort()).toEqual([...variableNames].sort());
  });

  test("a comment stands above every variable", () => {
    const lines = read(".env.example").split("\n");
    const bare = lines.filter(
      (line, at) => /^(# )?[A-Z][A-Z0-9_]*=/.test(line) && !/^# .*[a-z]/.test(lines[at - 1] ?? ""),
    );
    expect(bare).toEqual([]);
  });

  test.each(placeholders)("the placeholder of $name is refused by its name", ({ name, value }) => {
    expect(problemsOf({ ...valid, [name]: value })).toContainEqual({
      variable: name,
      problem: "It holds a placeholder.",
      next: expect.stringContaining("Put the real value in"),
    });
  });

  test("as it stands, it is refused with one line for each placeholder that is not commented out", () => {
    const active = placeholders.filter(({ name }) => new RegExp(`^${name}=`, "m").test(read(".env.example")));
    expect(active.length).toBeGreaterThan(3);
    const problems = problemsOf(Object.fromEntries(active.map(({ name, value }) => [name, value])));
    expect(problems.map((problem) => problem.variable).sort()).toEqual(active.map(({ name }) => name).sort());
  });

  test("every value that is no placeholder is the default", () => {
    const least = { ...valid, DISCORD_TOKEN: discordToken };
    const written = readConfig({ ...least, ...Object.fromEntries(values.map(({ name, value }) => [name, value])) });
    const { config } = readConfig(least);
    expect(written.config).toEqual({
      ...config,
      // The adapters' own defaults.
      telegram: { ...config.telegram, apiBase: "https://api.telegram.org" },
      discord: { ...config.discord, apiBase: "https://discord.com/api" },
    });
  });
});

const { scripts } = JSON.parse(read("package.json")) as Record<string, object>;

describe("README.md", () => {
  const readme = () => read("README.md");

  test("its table has a row for every variable, once, and no other", () => {
    const rows = [...readme().matchAll(/^\| `([A-Z][A-Z0-9_]*)`/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...variableNames].sort());
  });

  test.each(values)("its table tells the default of $name as .env.example does", ({ name, value }) => {
    const [row = ""] = readme().match(new RegExp(`^\\| \`${name}\` .*$`, "m")) ?? [];
    expect(row.split(" | ").at(-1)).toContain(`\`${value}\``);
  });

  test("every failure that it names exists", () => {
    const named = [...readme().matchAll(/ERR_[A-Z_]+/g)].map(([code]) => code);
    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(failures)).toEqual(expect.arrayContaining(named));
  });

  test("every section that it points to exists", () => {
    const titles = [...readme().matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchorOf(title));
    const anchors = [...readme().matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(anchors.length).toBeGreaterThan(0);
    expect(titles).toEqual(expect.arrayContaining(anchors));
  });
});

test.each(["README.md", "CONTRIBUTING.md"])("every script that %s names exists", (document) => {
  const named = [...read(document).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
    ([, script, short]) => script ?? short,
  );
  expect(named.length).toBeGreaterThan(0);
  expect(Object.keys(scripts ?? {})).toEqual(expect.arrayContaining(named));
});

test.each(["README.md", "CONTRIBUTING.md", "DECISIONS.md"])("every path that %s names exists", (document) => {
  const links = [...read(document).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, path = ""]) => path);
  const code = [...read(document).matchAll(/`(\.?[\w-]+(?:\/[\w.-]+)*\/?)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => /^(src|adapters|test|\.ci)\//.test(path) || /^[\w.-]*\.(md|json|example)$/.test(path));
  expect(links.length + code.length).toBeGreaterThan(0);
  const missing = [...links, ...code].filter((path) => !existsSync(fileURLToPath(new URL(path, root))));
  expect(missing).toEqual([]);
});

describe("DECISIONS.md", () => {
  test("it gives a reason for every dependency, and for no other", () => {
    const [, table = ""] = /^## Dependencies\n(.*?)^## /ms.exec(read("DECISIONS.md")) ?? [];
    const cells = [...table.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = ""]) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    const packages = ["package.json", "bench/package.json", "test/telegram-parser/package.json"];
    expect(named.sort()).toEqual(packages.flatMap(dependenciesOf).sort());
  });
});

describe("CONTRIBUTING.md", () => {
  test("it places every file and folder of src/", () => {
    const entries = readdirSync(new URL("src/", root), { withFileTypes: true });
    const names = entries.map((entry) => (entry.isDirectory() ? `src/${entry.name}/` : `src/${entry.name}`));
    expect(names.filter((name) => !read("CONTRIBUTING.md").includes(`\`${name}`))).toEqual([]);
  });
});

function dependenciesOf(path: string): string[] {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path));
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
}

/** As GitHub makes the anchor of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");
}
