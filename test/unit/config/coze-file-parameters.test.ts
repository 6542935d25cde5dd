import { describe, expect, test } from "vitest";
import { readFileParameters } from "../../../src/config/coze-file-parameters.ts";
import type { Environment } from "../../../src/config/env.ts";
import { Settings } from "../../../src/config/settings.ts";

const flow = { COZE_WORKFLOW_ID: "7400000000000000001" };

function read(value: string, env: Environment = flow) {
  const settings = new Settings({ ...env, COZE_FILE_PARAMETERS: value });
  return { parameters: readFileParameters(settings), problems: settings.problems };
}

test.each<[value: string, parameters: object]>([
  ["", {}],
  ["image:picture", { image: "picture" }],
  ["image:picture,file:document,audio:sound", { image: "picture", file: "document", audio: "sound" }],
  [" file : all , image : all ", { file: "all", image: "all" }],
])("%j names the inputs of a flow", (value, parameters) => {
  expect(read(value)).toEqual({ parameters, problems: [] });
});

describe("refused is", () => {
  const example = "For example image:picture,file:document,audio:sound.";

  test.each<[what: string, value: string, problem: string]>([
    ["an unknown kind", "video:film", 'Expected <kind>:<input>; got "video:film".'],
    ["a name alone", "picture", 'Expected <kind>:<input>; got "picture".'],
    ["a kind without a name", "image:", "It names no input for image."],
    ["a kind that has a name already", "image:a,image:b", "It names two inputs for image."],
    ["an input of Coze's own", "file:USER_INPUT", "The input USER_INPUT is Coze's own and takes no files."],
    ["another one", "file:CONVERSATION_NAME", "The input CONVERSATION_NAME is Coze's own and takes no files."],
  ])("%s", (_what, value, problem) => {
    expect(read(value).problems).toEqual([{ variable: "COZE_FILE_PARAMETERS", problem, next: example }]);
  });

  test("any, where no flow answers", () => {
    const { parameters, problems } = read("image:picture", { COZE_BOT_ID: "7379462189365198898" });
    expect(parameters).toEqual({});
    expect(problems).toEqual([
      {
        variable: "COZE_FILE_PARAMETERS",
        problem: "It names inputs of a chatflow, and COZE_WORKFLOW_ID is not set.",
        next: "Remove it: an agent gets files with the message.",
      },
    ]);
  });
});
