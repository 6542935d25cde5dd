import { databasePathIn } from "../config/database-path.ts";
import { readEnvironment } from "../config/env.ts";
import { CopyError, copyDatabase } from "../store/copy-database.ts";

/** Copies the database into the file that `operands` name, also while the bridge runs. Resolves with the exit code. */
export async function backup(operands: readonly string[]): Promise<number> {
  const [target] = operands;
  if (!target || operands.length > 1) return refuse("Name one file: coze-bridge backup FILE");
  const path = databasePathIn(readEnvironment());
  try {
    const size = await copyDatabase(path, target);
    process.stdout.write(`${target}: whole and checked, ${readable(size)}, a copy of ${path}\n`);
    return 0;
  } catch (error) {
    if (error instanceof CopyError) return refuse(error.message);
    throw error;
  }
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 2;
}

/** In the largest unit that leaves a whole number before the point. */
function readable(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}
