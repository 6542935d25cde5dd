import { type ReasoningStyle, reasoningStyles } from "../turn/reasoning.ts";
import type { Settings } from "./settings.ts";
import { readChoice } from "./values.ts";

/** How people see what the model thought. */
export function readReasoning(settings: Settings): ReasoningStyle {
  return readChoice(settings, "REASONING", reasoningStyles, "hidden");
}
