import { closeSync, openSync } from "node:fs";

/**
 * Makes sure that a file exists; a new one is its owner's alone (mode 0600), as SQLite then makes the files beside it.
 * A file that exists is not touched: to open and close it would drop the locks that this process holds on it.
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
