import { ConfigError } from "../errors.ts";
import { type Environment, variableNames } from "./env.ts";
import { Settings } from "./settings.ts";

export function readDatabasePath(settings: Settings): string {
  const path = settings.text("DATABASE_PATH") ?? "data/bridge.db";
  if (/^(\w+:\/\/|file:|:memory:)/.test(path)) {
    settings.refuse(
      "DATABASE_PATH",
      "Expected the path of a file; got an address.",
      "Without it, data/bridge.db is used.",
    );
  }
  return path;
}

/** For what needs the database alone, whatever the other variables hold. Fails with a ConfigError. */
export function databasePathIn(env: Environment): string {
  const settings = new Settings(env);
  const path = readDatabasePath(settings);
  const others: readonly string[] = variableNames.filter((name) => name !== "DATABASE_PATH");
  const problems = settings.problems.filter(({ variable }) => !others.includes(variable));
  if (problems.length > 0) throw new ConfigError(problems);
  return path;
}
