import type { QuestionContext } from "../coze/agent.ts";
import type { Turn } from "../store/store.ts";
import { fill, type PlaceholderValues, valuesOf } from "./placeholders.ts";

/** A context whose values are templates (see placeholders.ts). */
export type ContextTemplates = QuestionContext;

export interface ContextRules {
  readonly sessionNameSecret?: string | undefined;
}

/** What the agent is told besides a question. A question that is asked once more, after a restart, is told the same. */
export function createQuestionContext(
  templates: ContextTemplates,
  { sessionNameSecret }: ContextRules = {},
): (turn: Turn) => QuestionContext {
  const parts = Object.entries(templates) as [keyof ContextTemplates, Pairs][];
  if (parts.length === 0) return () => ({});
  return (turn) => {
    const values = valuesOf(turn, sessionNameSecret);
    const told = parts.map(([part, pairs]) => [part, filled(pairs, values, part === "metaData")] as const);
    return Object.fromEntries(told.filter(([, pairs]) => Object.keys(pairs).length > 0));
  };
}

type Pairs = Readonly<Record<string, string>>;

/** Coze takes no empty meta data: what there is nothing to say about, such as the title of a private chat, is left out. */
function filled(pairs: Pairs, values: PlaceholderValues, withoutEmpty: boolean): Pairs {
  const all = Object.entries(pairs).map(([name, template]) => [name, fill(template, values).trim()] as const);
  return Object.fromEntries(withoutEmpty ? all.filter(([, value]) => value !== "") : all);
}
