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

const MOST_META_DATA = 16;
/** In characters. */
const LONGEST_KEY = 64;
const LONGEST_VALUE = 512;
/** Coze ignores the first (docs workflow_chat). The second would put everybody into one conversation. */
const RESERVED_PARAMETERS = ["USER_INPUT", "CONVERSATION_NAME"];

/** The part of a context that Coze takes: a question with more than that would be refused as a whole (Coze docs chat_v3). */
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
  for (const [key] of metaPairs.slice(MOST_META_DATA)) {
    warnings.push(`Meta data ${quoted(key)} is left out: Coze takes ${MOST_META_DATA} pairs.`);
  }
  const bounded = {
    customVariables: keep(customVariables, checkVariable),
    parameters: keep(parameters, checkParameter),
    metaData: Object.fromEntries(metaPairs.slice(0, MOST_META_DATA)),
  };
  const isUsed = ([, pairs]: [string, Pairs]) => Object.keys(pairs).length > 0;
  return { context: Object.fromEntries(Object.entries(bounded).filter(isUsed)), warnings };
}

function checkVariable(name: string, value: string): Checked {
  if (/^[A-Za-z_]+$/.test(name)) return { value };
  return { warning: `Custom variable ${quoted(name)} is left out: its name may hold English letters and _ only.` };
}

function checkParameter(name: string, value: string): Checked {
  if (!RESERVED_PARAMETERS.includes(name)) return { value };
  return { warning: `Parameter ${quoted(name)} is left out: the name is reserved.` };
}

function checkMetaData(key: string, value: string): Checked {
  if (key === "" || [...key].length > LONGEST_KEY) {
    return { warning: `Meta data ${quoted(key)} is left out: a key has 1 to ${LONGEST_KEY} characters.` };
  }
  if (value === "") return { warning: `Meta data ${quoted(key)} is left out: it is empty.` };
  const characters = [...value];
  if (characters.length <= LONGEST_VALUE) return { value };
  const warning = `Meta data ${quoted(key)} is cut: Coze takes ${LONGEST_VALUE} characters.`;
  return { value: characters.slice(0, LONGEST_VALUE).join(""), warning };
}

function quoted(name: string): string {
  return JSON.stringify([...name].slice(0, LONGEST_KEY).join(""));
}
