import type { QuestionContext } from "./agent.ts";

export interface BoundedContext {
  readonly context: QuestionContext;
  /** One sentence for each part that is cut or left out, without its value. */
  readonly warnings: readonly string[];
}

type Pairs = Readonly<Record<string, string>>;
/** The value to send and what there is to say about it; without a value, the pair is left out. */
interface Checked {
  readonly value?: string;
  readonly warning?: string;
}

/** What Coze takes of a context (Coze docs chat_v3). */
export const contextBounds = {
  variableName: /^[A-Za-z_]+$/,
  /** Coze ignores the first (docs workflow_chat). The second would put everybody into one conversation. */
  reservedParameters: ["USER_INPUT", "CONVERSATION_NAME"] as readonly string[],
  mostMetaData: 16,
  /** Of meta data, in characters; neither may be empty. */
  longestKey: 64,
  longestValue: 512,
};

const { variableName, reservedParameters, mostMetaData, longestKey, longestValue } = contextBounds;

/** The part of a context that Coze takes: a question with more than that would be refused as a whole. */
export function boundContext({ customVariables, parameters, metaData }: QuestionContext): BoundedContext {
  const warnings: string[] = [];
  const keep = (pairs: Pairs = {}, check: (name: string, value: string) => Checked): Pairs => {
    const kept = Object.entries(pairs).flatMap(([name, given]) => {
      const { value, warning } = check(name, given);
      if (warning !== undefined) warnings.push(warning);
      return value === undefined ? [] : [[name, value] as const];
    });
    return Object.fromEntries(kept);
  };
  const metaPairs = Object.entries(keep(metaData, checkMetaData));
  for (const [key] of metaPairs.slice(mostMetaData)) {
    warnings.push(`Meta data ${quoted(key)} is left out: Coze takes ${mostMetaData} pairs.`);
  }
  const bounded = {
    customVariables: keep(customVariables, checkVariable),
    parameters: keep(parameters, checkParameter),
    metaData: Object.fromEntries(metaPairs.slice(0, mostMetaData)),
  };
  const isUsed = ([, pairs]: [string, Pairs]) => Object.keys(pairs).length > 0;
  return { context: Object.fromEntries(Object.entries(bounded).filter(isUsed)), warnings };
}

function checkVariable(name: string, value: string): Checked {
  if (variableName.test(name)) return { value };
  return { warning: `Custom variable ${quoted(name)} is left out: its name may hold English letters and _ only.` };
}

function checkParameter(name: string, value: string): Checked {
  if (!reservedParameters.includes(name)) return { value };
  return { warning: `Parameter ${quoted(name)} is left out: the name is reserved.` };
}

function checkMetaData(key: string, value: string): Checked {
  if (key === "" || [...key].length > longestKey) {
    return { warning: `Meta data ${quoted(key)} is left out: a key has 1 to ${longestKey} characters.` };
  }
  if (value === "") return { warning: `Meta data ${quoted(key)} is left out: it is empty.` };
  const characters = [...value];
  if (characters.length <= longestValue) return { value };
  const warning = `Meta data ${quoted(key)} is cut: Coze takes ${longestValue} characters.`;
  return { value: characters.slice(0, longestValue).join(""), warning };
}

function quoted(name: string): string {
  return JSON.stringify([...name].slice(0, longestKey).join(""));
}
