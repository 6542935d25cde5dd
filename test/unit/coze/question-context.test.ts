import { expect, test } from "vitest";
import { boundContext } from "../../../src/coze/question-context.ts";

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "v"]));

test.each([
  ["nothing", {}, {}, []],
  ["empty parts", { customVariables: {}, metaData: {} }, {}, []],
  [
    "what fits",
    { customVariables: { user_name: "Ann" }, parameters: { plan: "" }, metaData: pairs(16) },
    { customVariables: { user_name: "Ann" }, parameters: { plan: "" }, metaData: pairs(16) },
    [],
  ],
  [
    "a variable that no prompt can have",
    { customVariables: { name2: "Ann", 名: "安", name: "Ann" } },
    { customVariables: { name: "Ann" } },
    [/"name2" is left out/, /"名" is left out/],
  ],
  [
    "parameters that mean something else to Coze",
    { parameters: { USER_INPUT: "x", CONVERSATION_NAME: "everybody", plan: "free" } },
    { parameters: { plan: "free" } },
    [/"USER_INPUT" is left out/, /"CONVERSATION_NAME" is left out/],
  ],
  [
    "more pairs than Coze takes",
    { metaData: pairs(17) },
    { metaData: pairs(16) },
    [/"key16" is left out: .* 16 pairs/],
  ],
  [
    "meta data without key, with a key too long, without value",
    { metaData: { "": "x", ["k".repeat(65)]: "x", empty: "", ["k".repeat(64)]: "x" } },
    { metaData: { ["k".repeat(64)]: "x" } },
    [/"" is left out/, /is left out: a key/, /"empty" is left out/],
  ],
  [
    "meta data too long, in characters",
    { metaData: { note: "🦆".repeat(513), fits: "🦆".repeat(512) } },
    { metaData: { note: "🦆".repeat(512), fits: "🦆".repeat(512) } },
    [/"note" is cut/],
  ],
])("%s", (_, given, context, warnings) => {
  const bounded = boundContext(given);
  expect(bounded.context).toEqual(context);
  expect(bounded.warnings).toEqual(warnings.map((warning) => expect.stringMatching(warning)));
});

test("no warning tells a value", () => {
  const { warnings } = boundContext({
    customVariables: { name2: "secret" },
    parameters: { USER_INPUT: "secret" },
    metaData: { "": "secret", note: "secret".repeat(100), ...pairs(16) },
  });
  expect(warnings).toHaveLength(5);
  expect(warnings.join()).not.toContain("secret");
});
