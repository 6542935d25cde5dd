import { isPlaceholder, longestPlaceholderValue, namesIn, placeholders } from "../context/placeholders.ts";
import type { ContextTemplates } from "../context/question-context.ts";
import type { CozeMode } from "../coze/agent.ts";
import { contextBounds } from "../coze/context-bounds.ts";
import { parseJson } from "../json.ts";
import { closest } from "./did-you-mean.ts";
import { quote, type Settings } from "./settings.ts";

type ContextVariable = "COZE_CUSTOM_VARIABLES" | "COZE_PARAMETERS" | "COZE_META_DATA";
type Templates = Readonly<Record<string, string>>;

/** What the agent is told besides a question, as templates. Parts that are not set are absent. */
export function readQuestionContext(settings: Settings, mode: CozeMode | undefined): ContextTemplates {
  const isFlow = mode !== undefined && mode.kind !== "agent";
  const customVariables = isFlow
    ? refuseForFlow(settings, "COZE_CUSTOM_VARIABLES", "prompt variables")
    : readTemplates(settings, "COZE_CUSTOM_VARIABLES", checkVariable);
  const parameters = readTemplates(settings, "COZE_PARAMETERS", checkParameter);
  const metaData = isFlow
    ? refuseForFlow(settings, "COZE_META_DATA", "meta data")
    : readTemplates(settings, "COZE_META_DATA", checkMetaData);
  if (metaData && Object.keys(metaData).length > contextBounds.mostMetaData) {
    const problem = `It has ${Object.keys(metaData).length} pairs; Coze takes ${contextBounds.mostMetaData}.`;
    settings.refuse("COZE_META_DATA", problem, "Remove some.");
  }
  return {
    ...(customVariables && { customVariables }),
    ...(parameters && { parameters }),
    ...(metaData && { metaData }),
  };
}

function refuseForFlow(settings: Settings, variable: ContextVariable, what: string): undefined {
  if (settings.text(variable) === undefined) return undefined;
  const next = "Use COZE_PARAMETERS, which are the inputs of the flow's start node, or remove the line.";
  return settings.refuse(variable, `It is set, but a chatflow has no ${what}.`, next);
}

/** What is wrong with one pair, and what to do about it. */
type Flaw = readonly [problem: string, next: string];
type Check = (name: string, template: string) => Flaw | undefined;

function readTemplates(settings: Settings, variable: ContextVariable, check: Check): Templates | undefined {
  const value = settings.text(variable);
  const templates = value === undefined ? undefined : parse(settings, variable, value);
  if (!templates) return undefined;
  const flaws = Object.entries(templates).flatMap(([name, template]) => [
    check(name, template),
    ...doubledBraces(template),
    ...namesIn(template).map(checkPlaceholder),
  ]);
  for (const flaw of flaws) if (flaw) settings.refuse(variable, ...flaw);
  return Object.keys(templates).length > 0 ? templates : undefined;
}

const example = 'For example {"user":"{user_name}","where":"{platform}, {chat_title}"}.';

function parse(settings: Settings, variable: ContextVariable, value: string): Templates | undefined {
  const parsed = parseJson(value);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    // In a .env file a # ends what is not in quotes.
    const next = value.endsWith("}") ? example : `Put single quotes around the whole if it holds a #. ${example}`;
    return settings.refuse(variable, `Expected one JSON object on one line; got ${quote(value)}.`, next);
  }
  const others = Object.entries(parsed).filter(([, template]) => typeof template !== "string");
  for (const [name] of others) {
    settings.refuse(variable, `The value of ${quote(name)} is no text.`, "Put it in double quotes.");
  }
  return others.length > 0 ? undefined : (parsed as Templates);
}

function checkVariable(name: string): Flaw | undefined {
  if (contextBounds.variableName.test(name)) return undefined;
  return [
    `${quote(name)} can't be the name of a variable.`,
    "Use English letters and _ only, as in the agent's prompt.",
  ];
}

function checkParameter(name: string): Flaw | undefined {
  if (name === "") return ["A parameter has no name.", "Name it as the start node does."];
  if (!contextBounds.reservedParameters.includes(name)) return undefined;
  return [`The parameter ${name} is the bridge's own.`, "Use another name, or remove it."];
}

function checkMetaData(key: string, template: string): Flaw | undefined {
  const { longestKey, longestValue } = contextBounds;
  const length = [...key].length;
  if (length < 1 || length > longestKey) {
    return [`The key ${quote(key)} has ${length} characters; Coze takes 1 to ${longestKey}.`, "Change it."];
  }
  if (template.trim() === "") return [`The value of ${quote(key)} is empty, which Coze refuses.`, "Fill or remove it."];
  const longest = lengthOf(template);
  if (longest <= longestValue) return undefined;
  const problem = `The value of ${quote(key)} can have ${longest} characters; Coze takes ${longestValue}.`;
  return [problem, `Make it shorter; a placeholder counts as ${longestPlaceholderValue}.`];
}

/** The characters of the longest text that a template can make. */
function lengthOf(template: string): number {
  const names = namesIn(template);
  const own = [...template].length - names.reduce((sum, name) => sum + name.length + "{}".length, 0);
  return own + names.length * longestPlaceholderValue;
}

function doubledBraces(template: string): readonly Flaw[] {
  const found = /\{(\{\s*([\w .-]+?)\s*\})\}/.exec(template);
  return found ? [[`${found[0]} has two pairs of braces.`, `Write {${found[2]}}.`]] : [];
}

function checkPlaceholder(name: string): Flaw | undefined {
  if (isPlaceholder(name)) return undefined;
  const plain = name.trim().toLowerCase().replaceAll(/[ .-]/g, "_");
  const meant = closest(plain, placeholders) ?? placeholders.find((known) => known.split("_").includes(plain));
  const all = placeholders.map((known) => `{${known}}`).join(", ");
  return [`{${name}} is no placeholder.`, meant ? `Did you mean {${meant}}?` : `There are ${all}.`];
}
