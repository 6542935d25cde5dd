import type { QuestionFile } from "../coze/agent.ts";
import { contextBounds } from "../coze/context-bounds.ts";
import type { FileParameters } from "../coze/question-messages.ts";
import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";
import { readList } from "./values.ts";

const name = "COZE_FILE_PARAMETERS";
const kinds = ["image", "file", "audio"] as const satisfies readonly QuestionFile["kind"][];

/** The inputs of a chatflow's start node that take files: `image:picture,file:document`. */
export function readFileParameters(settings: Settings): FileParameters {
  const pairs = readList(settings, name);
  if (pairs.length === 0) return {};
  if (!settings.isIntended("COZE_WORKFLOW_ID")) {
    const problem = "It names inputs of a chatflow, and COZE_WORKFLOW_ID is not set.";
    settings.refuse(name, problem, "Remove it: an agent gets files with the message.");
    return {};
  }
  const parameters: Partial<Record<QuestionFile["kind"], string>> = {};
  for (const pair of pairs) {
    const [prefix = "", input = ""] = pair.split(/:(.*)/s, 2).map((part) => part.trim());
    const kind = kinds.find((known) => known === prefix);
    const problem = kind ? problemOf(kind, input, parameters) : `Expected <kind>:<input>; got ${quote(pair)}.`;
    if (problem !== undefined) settings.refuse(name, problem, "For example image:picture,file:document,audio:sound.");
    else if (kind) parameters[kind] = input;
  }
  return parameters;
}

function problemOf(kind: QuestionFile["kind"], input: string, named: FileParameters): string | undefined {
  if (named[kind] !== undefined) return `It names two inputs for ${kind}.`;
  if (input === "") return `It names no input for ${kind}.`;
  return contextBounds.reservedParameters.includes(input)
    ? `The input ${input} is Coze's own and takes no files.`
    : undefined;
}
