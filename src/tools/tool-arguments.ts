import { parseJson } from "../json.ts";
import { ToolError } from "./tool-error.ts";

export interface ToolArguments {
  /** As the model wrote them: JSON that passes through JavaScript loses digits of long numbers. */
  readonly json: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The arguments of a call. Nothing at all counts as none. Throws a `ToolError` when they are no JSON object. */
export function readArguments(text: string): ToolArguments {
  const json = text.trim() === "" ? "{}" : text;
  const values = parseJson(json);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new ToolError("arguments", "The arguments are not a JSON object.");
  }
  return { json, values: values as Readonly<Record<string, unknown>> };
}
