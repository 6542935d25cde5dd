import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Settings } from "../../../src/config/settings.ts";
import { readToolStatus } from "../../../src/config/tool-status.ts";
import { readToolsFile } from "../../../src/config/tools-file.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const env = { WEATHER_TOKEN: " s3cret of no known shape\n", SPLIT: "a\nb" };
const url = "https://example.com/weather";

/** What is read of a file that holds `content`, and what is wrong with it. */
function read(content: string) {
  const path = join(temporaryFolder(), "tools.json");
  writeFileSync(path, content);
  const settings = new Settings({ TOOLS_FILE: path });
  const tools = readToolsFile(settings, env);
  return { tools, problems: settings.problems, path };
}

const variable = (name: string) => `\${${name}}`;
const withTool = (tool: unknown) => JSON.stringify({ tools: { weather: tool } });

describe("a file of tools", () => {
  test("says where each is, with what stands for nothing else", () => {
    const { tools, problems } = read(withTool({ url }));
    expect(problems).toEqual([]);
    expect([...tools]).toEqual([["weather", { url, method: "POST", headers: {}, timeoutMs: 10_000 }]]);
  });

  test("has its secrets from the environment", () => {
    const own = variable("WEATHER_TOKEN");
    const headers = { authorization: `Bearer ${own}`, "x-plain": `$5 {a} ${own}${own}` };
    const tool = { url: "http://10.0.0.7:8080/w?units=metric", method: "GET", headers, timeoutMs: 500 };
    const { tools, problems } = read(`\uFEFF${withTool(tool)}`);
    const token = "s3cret of no known shape";
    expect(problems).toEqual([]);
    expect(tools.get("weather")).toEqual({
      ...tool,
      headers: { authorization: `Bearer ${token}`, "x-plain": `$5 {a} ${token}${token}` },
    });
  });

  test("is not needed", () => {
    const settings = new Settings({});
    expect(readToolsFile(settings, env).size).toBe(0);
    expect(settings.problems).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ["that is no JSON", '{"tools": {"weather": {"headers": {"a": "s3cret"} "url": 7}}}', /no valid JSON.*comma/],
    ["that is empty", "", /no valid JSON/],
    ["that is a list", "[]", /the file is not as expected.*"url"/],
    ["without tools", "{}", /the file is not as expected/],
    ["of tools in a list", '{"tools":[]}', /the file is not as expected/],
    ["with an unknown key", '{"tools":{},"tool":{}}', /the file has an unknown key: "tool".*Did you mean tools\?/],
    ["with a tool that is an address alone", withTool(url), /the tool "weather" is not as expected/],
    ["with a misspelt key", withTool({ url, header: {} }), /"weather" has an unknown key: "header".*mean headers\?/],
    ["with a strange key", withTool({ url, retries: 3 }), /"retries".*Use url, method, headers, timeoutMs\./],
    ["without an address", withTool({}), /no valid url.*https/],
    ["with a file's address", withTool({ url: "file:///etc/passwd" }), /no valid url/],
    ["with half an address", withTool({ url: "example.com/weather" }), /no valid url/],
    ["with a password in the address", withTool({ url: "https://me:s3cret@example.com" }), /no valid url.*headers/],
    [
      "with a variable in the address",
      withTool({ url: `https://a.com/${variable("WEATHER_TOKEN")}` }),
      /no valid url.*headers/,
    ],
    ["with an unknown method", withTool({ url, method: "DELETE" }), /no valid method.*Use POST or GET\./],
    ["with a method in lower case", withTool({ url, method: "get" }), /no valid method/],
    ["with headers in a list", withTool({ url, headers: ["s3cret"] }), /no valid headers/],
    ["with a header that is a number", withTool({ url, headers: { a: 7 } }), /header "a" of .*"weather" is no text/],
    ["with a header without a name", withTool({ url, headers: { "": "x" } }), /header "" .*can't be set/],
    ["with a strange header", withTool({ url, headers: { "a b": "s3cret" } }), /header "a b" .*can't be set/],
    ["with the bridge's own header", withTool({ url, headers: { "Idempotency-Key": "x" } }), /can't be set.*Remove/],
    ["with a header of HTTP", withTool({ url, headers: { Host: "s3cret" } }), /header "Host" .*can't be set/],
    ["with a line break", withTool({ url, headers: { a: "s3cret\nb" } }), /"a" .*HTTP can't carry/],
    [
      "with a variable of two lines",
      withTool({ url, headers: { a: variable("SPLIT") } }),
      /"a" .*can't carry.*variables/,
    ],
    [
      "with a variable that is missing",
      withTool({ url, headers: { a: variable("TOKEN") } }),
      /"weather" needs TOKEN.*\.env/,
    ],
    ["with a variable of JavaScript", withTool({ url, headers: { a: variable("toString") } }), /needs toString/],
    ["with no time", withTool({ url, timeoutMs: 0 }), /no valid timeoutMs.*from 1 to 300000/],
    ["with too much time", withTool({ url, timeoutMs: 300_001 }), /no valid timeoutMs/],
    ["with a time in words", withTool({ url, timeoutMs: "10s" }), /no valid timeoutMs/],
  ])("%s is refused in plain words, without a header's value", (_, content, told) => {
    const { problems, path } = read(content);
    expect(problems.map(({ variable }) => variable)).toEqual(["TOOLS_FILE"]);
    const [{ problem, next } = { problem: "", next: "" }] = problems;
    expect(`${problem} ${next}`).toMatch(told);
    expect(problem).toContain(JSON.stringify(path));
    expect(`${problem} ${next}`).not.toContain("s3cret");
    for (const sentence of [problem, next]) expect(sentence).toMatch(/^\w.*[.?]$/s);
  });

  test("tells all that is wrong with it at once", () => {
    const tools = { one: { url: "x", method: "PUT" }, two: { url, headers: { a: 1, b: 2 } } };
    expect(read(JSON.stringify({ tools })).problems).toHaveLength(4);
  });

  test("that is not there is named whole", () => {
    const settings = new Settings({ TOOLS_FILE: "nowhere/tools.json" });
    expect(readToolsFile(settings, env).size).toBe(0);
    expect(settings.problems[0]?.problem).toContain(join(process.cwd(), "nowhere/tools.json"));
    expect(settings.problems[0]?.next).toMatch(/folder in which the bridge is started/);
  });

  test("that is a folder can't be read", () => {
    const path = join(temporaryFolder(), "tools.json");
    mkdirSync(path);
    const settings = new Settings({ TOOLS_FILE: path });
    expect(readToolsFile(settings, env).size).toBe(0);
    expect(settings.problems).toMatchObject([{ problem: `Can't read the file ${JSON.stringify(path)}.` }]);
  });
});

test.each([
  [{}, false],
  [{ TOOL_STATUS: "true" }, true],
  [{ TOOL_STATUS: "false" }, false],
])("the names of tools are shown with %j: %s", (set, shown) => {
  expect(readToolStatus(new Settings(set))).toBe(shown);
});
