import type { Environment, VariableName } from "./env.ts";
import { variableNames } from "./env.ts";

/** Names that other programs and tutorials use for what these variables hold. */
const foreignNames: Partial<Readonly<Record<VariableName, readonly string[]>>> = {
  COZE_API_BASE: ["COZE_BASE_URL", "COZE_API_URL", "COZE_API_BASE_URL", "COZE_API_ENDPOINT"],
  COZE_API_TOKEN: ["COZE_TOKEN", "COZE_API_KEY", "COZE_ACCESS_TOKEN", "COZE_PAT"],
  COZE_JWT_OAUTH_CLIENT_ID: ["COZE_CLIENT_ID", "COZE_JWT_CLIENT_ID", "COZE_OAUTH_CLIENT_ID"],
  COZE_JWT_OAUTH_PUBLIC_KEY_ID: ["COZE_PUBLIC_KEY_ID", "COZE_KEY_ID", "COZE_JWT_PUBLIC_KEY_ID"],
  COZE_JWT_OAUTH_PRIVATE_KEY: ["COZE_PRIVATE_KEY", "COZE_JWT_PRIVATE_KEY", "COZE_OAUTH_PRIVATE_KEY"],
  COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH: [
    "COZE_PRIVATE_KEY_PATH",
    "COZE_PRIVATE_KEY_FILE",
    "COZE_JWT_OAUTH_PRIVATE_KEY_PATH",
    "COZE_JWT_OAUTH_PRIVATE_KEY_FILE",
  ],
  COZE_BOT_ID: ["COZE_AGENT_ID"],
  COZE_WORKFLOW_ID: ["COZE_CHATFLOW_ID", "COZE_FLOW_ID"],
  COZE_IDLE_TIMEOUT_MS: ["COZE_IDLE_TIMEOUT"],
  COZE_TURN_TIMEOUT_MS: ["COZE_TURN_TIMEOUT"],
  SHUTDOWN_GRACE_MS: ["SHUTDOWN_GRACE"],
  TURN_MAX_AGE_MS: ["TURN_MAX_AGE"],
  RETENTION_DAYS: ["RETENTION"],
  HEALTH_PORT: ["METRICS_PORT"],
  HEALTH_HOST: ["METRICS_HOST"],
  ADMIN_CHAT: ["ADMIN_CHAT_ID"],
  DISCORD_TOKEN: ["DISCORD_BOT_TOKEN", "DISCORD_API_TOKEN"],
  DISCORD_API_BASE: ["DISCORD_API_URL", "DISCORD_API_BASE_URL"],
  TELEGRAM_BOT_TOKEN: ["TELEGRAM_TOKEN", "TELEGRAM_API_TOKEN", "TELEGRAM_BOT_API_TOKEN"],
  TELEGRAM_API_BASE: ["TELEGRAM_API_URL", "TELEGRAM_API_BASE_URL"],
};

/** A variable that is set, that nothing reads, and whose name looks as if `name` was meant. */
export function lookalike(env: Environment, name: VariableName): string | undefined {
  const others = Object.keys(env).filter((other) => !variableNames.some((known) => known === other));
  return others.find((other) => foreignNames[name]?.includes(other)) ?? closest(name, others);
}

/** The candidate that `value` is most likely a misspelling of: at most two letters differ, whatever their case. */
export function closest<T extends string>(value: string, candidates: readonly T[]): T | undefined {
  const allowed = Math.min(2, Math.floor(value.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(value.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** How many letters must be added, removed or replaced to make `b` of `a` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
