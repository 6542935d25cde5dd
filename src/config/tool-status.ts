import type { Settings } from "./settings.ts";
import { readFlag } from "./values.ts";

/** Whether people read which tool an agent is using. The names are the operator's internals. */
export function readToolStatus(settings: Settings): boolean {
  return readFlag(settings, "TOOL_STATUS");
}
