import type { ButtonKind } from "../buttons/offers.ts";
import type { ReasoningStyle } from "../turn/reasoning.ts";
import { readButtons } from "./buttons.ts";
import { readReasoning } from "./reasoning.ts";
import type { Settings } from "./settings.ts";
import { readToolStatus } from "./tool-status.ts";

/** What people see besides the text of an answer. */
export interface ShowConfig {
  readonly buttons: ReadonlySet<ButtonKind>;
  readonly reasoning: ReasoningStyle;
  /** Whether a line says which plugin or tool the agent uses while nothing else happens. */
  readonly toolStatus: boolean;
}

export function readShow(settings: Settings): ShowConfig {
  return { buttons: readButtons(settings), reasoning: readReasoning(settings), toolStatus: readToolStatus(settings) };
}
