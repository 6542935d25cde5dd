import { describe, expect, test } from "vitest";
import type { Environment } from "../../../src/config/env.ts";
import { readQuestionContext } from "../../../src/config/question-context.ts";
import { Settings } from "../../../src/config/settings.ts";
import type { CozeMode } from "../../../src/coze/agent.ts";

const agent: CozeMode = { kind: "agent", botId: "7" };
const flow: CozeMode = { kind: "chatflow-app", workflowId: "7", appId: "7" };

function read(env: Environment, mode: CozeMode | undefined = agent) {
  const settings = new Settings(env);
  return { templates: readQuestionContext(settings, mode), problems: settings.problems };
}

describe("what the agent is told", () => {
  test("is nothing by default", () => {
    expect(read({})).toEqual({ templates: {}, problems: [] });
  });

  test("is what three objects say", () => {
    const { templates, problems } = read({
      COZE_CUSTOM_VARIABLES: '{"user_name":"{user_name}","channel":"{platform} / {chat_title}"}',
      COZE_PARAMETERS: `'{"plan":"free # trial","json":"{\\"a\\":{\\"b\\":\\"{time}\\"}}"}'`,
      COZE_META_DATA: '{"user":"{user_id}"}',
    });
    expect(problems).toEqual([]);
    expect(templates).toEqual({
      customVariables: { user_name: "{user_name}", channel: "{platform} / {chat_title}" },
      parameters: { plan: "free # trial", json: '{"a":{"b":"{time}"}}' },
      metaData: { user: "{user_id}" },
    });
  });

  test("may be an object of nothing", () => {
    expect(read({ COZE_CUSTOM_VARIABLES: "{}" })).toEqual({ templates: {}, problems: [] });
  });

  test("may have 16 pairs of meta data, and values that always fit", () => {
    const value = `${"x".repeat(300)}{user_name} {time}`;
    const pairs = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`k${index}`, value]));
    expect(read({ COZE_META_DATA: JSON.stringify(pairs) }).problems).toEqual([]);
  });

  test("of a flow, the inputs of its start node", () => {
    const { templates, problems } = read({ COZE_PARAMETERS: '{"plan":"free"}' }, flow);
    expect([templates, problems]).toEqual([{ parameters: { plan: "free" } }, []]);
  });
});

const custom = (text: string): Environment => ({ COZE_CUSTOM_VARIABLES: text });
const parameters = (text: string): Environment => ({ COZE_PARAMETERS: text });
const meta = (pairs: object): Environment => ({ COZE_META_DATA: JSON.stringify(pairs) });
const seventeen = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, "v"]));

test.each<[string, Environment, RegExp, CozeMode?]>([
  ["no JSON", custom("user_name={user_name}"), /^COZE_CUSTOM_VARIABLES: Expected one JSON object.*got "user_name/],
  ["JavaScript", custom("{user: '{user_name}'}"), /Expected one JSON object.* For example \{"user"/],
  ["a list", parameters('["a"]'), /^COZE_PARAMETERS: Expected one JSON object/],
  ["a text", custom('""""'), /Expected one JSON object/],
  ["an empty list", meta([]), /^COZE_META_DATA: Expected one JSON object/],
  [
    "what is left when .env took a # for a comment",
    custom('{"a":"b'),
    /single quotes around the whole if it holds a #/,
  ],
  ["a number", custom('{"age":7}'), /The value of "age" is no text. Put it in double quotes./],
  ["an object inside", parameters('{"a":{"b":"c"}}'), /The value of "a" is no text/],
  [
    "a misspelt placeholder",
    custom('{"a":"{username}"}'),
    /\{username\} is no placeholder. Did you mean \{user_name\}\?/,
  ],
  ["half a placeholder", custom('{"a":"{title}"}'), /mean \{chat_title\}\?/],
  ["a placeholder in capitals", custom('{"a":"{User-ID}"}'), /mean \{user_id\}\?/],
  ["a placeholder with blanks", custom('{"a":"{ time }"}'), /mean \{time\}\?/],
  ["an unknown placeholder", custom('{"a":"{weather}"}'), /There are \{user_name\}, .*\{time\}\./],
  ["a placeholder as in Jinja2", custom('{"a":"{{user_name}}"}'), /two pairs of braces. Write \{user_name\}./],
  ["a variable with a digit", custom('{"name2":"x"}'), /"name2" can't be the name of a variable. Use English letters/],
  ["a variable without a name", custom('{"":"x"}'), /"" can't be the name/],
  ["the question as a parameter", parameters('{"USER_INPUT":"x"}'), /USER_INPUT is the bridge's own/],
  ["one conversation for all", parameters('{"CONVERSATION_NAME":"x"}'), /CONVERSATION_NAME is the bridge's own/],
  ["a parameter without a name", parameters('{"":"x"}'), /has no name/],
  ["too many pairs", meta(seventeen), /17 pairs; Coze takes 16/],
  ["a key too long", meta({ ["k".repeat(65)]: "x" }), /has 65 characters; Coze takes 1 to 64/],
  ["a key too short", meta({ "": "x" }), /has 0 characters/],
  ["meta data of nothing", meta({ a: " " }), /"a" is empty/],
  ["meta data too long", meta({ a: "x".repeat(513) }), /can have 513 characters; Coze takes 512/],
  ["meta data that a long name makes too long", meta({ a: `${"x".repeat(413)}{user_name}` }), /can have 513/],
  [
    "variables for a flow",
    custom('{"a":"b"}'),
    /^COZE_CUSTOM_VARIABLES: .*no prompt variables. Use COZE_PARAMETERS/,
    flow,
  ],
  ["meta data for a flow", meta({ a: "b" }), /^COZE_META_DATA: .*no meta data. Use COZE_PARAMETERS/, flow],
  ["another name of the variable", { COZE_CUSTOM_VARIABLE: '{"a":"b"}' }, /mean COZE_CUSTOM_VARIABLES\?/],
])("%s is refused", (_what, env, told, mode) => {
  const { problems } = read(env, mode);
  expect(problems).toHaveLength(1);
  for (const { variable, problem, next } of problems) {
    expect(`${variable}: ${problem} ${next}`).toMatch(told);
    expect(problem).toMatch(/\.$/);
    expect(next).toMatch(/[.?]$/);
  }
});

test("every flaw is told at once", () => {
  expect(read(custom('{"a1":"{nobody}","b":"{user}"}')).problems).toHaveLength(3);
});
