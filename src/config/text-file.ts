import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { VariableName } from "./env.ts";
import { quote, type Settings } from "./settings.ts";

/** The text of the file that the variable `name` names; nothing when it is refused because it can't be read. */
export function readTextFile(settings: Settings, name: VariableName, path: string): string | undefined {
  try {
    // Editors on Windows begin a file with a byte order mark.
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const problem = `${isMissing ? "There is no file" : "Can't read the file"} ${quote(resolve(path))}.`;
    const next = isMissing
      ? "Correct the path; a relative one begins in the folder in which the bridge is started."
      : "Name a file that the bridge's user may read.";
    return settings.refuse(name, problem, next);
  }
}
