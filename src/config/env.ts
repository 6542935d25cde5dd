import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ConfigError } from "../errors.ts";

/** Every variable that the bridge reads. `.env.example` and the README explain each. */
export const variableNames = [
  "COZE_API_BASE",
  "COZE_JWT_OAUTH_CLIENT_ID",
  "COZE_JWT_OAUTH_PUBLIC_KEY_ID",
  "COZE_JWT_OAUTH_PRIVATE_KEY",
  "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH",
  "COZE_API_TOKEN",
  "COZE_BOT_ID",
  "COZE_WORKFLOW_ID",
  "COZE_APP_ID",
  "COZE_FILE_PARAMETERS",
  "COZE_CUSTOM_VARIABLES",
  "COZE_PARAMETERS",
  "COZE_META_DATA",
  "COZE_VOICE_ID",
  "TOOLS_FILE",
  "DISCORD_TOKEN",
  "DISCORD_API_BASE",
  "DISCORD_MESSAGE_CONTENT",
  "DISCORD_FINISH",
  "TELEGRAM_BOT_TOKEN",
  "TELEGRAM_API_BASE",
  "TELEGRAM_STREAM_MODE",
  "TELEGRAM_FORMAT",
  "DATABASE_PATH",
  "BUTTONS",
  "REASONING",
  "TOOL_STATUS",
  "VOICE_ANSWERS",
  "FILE_MAX_MB",
  "MEDIA_PRIVATE_HOSTS",
  "CONVERSATION_SCOPE",
  "CONVERSATION_IDLE_HOURS",
  "SESSION_NAME_SECRET",
  "COZE_IDLE_TIMEOUT_MS",
  "COZE_TURN_TIMEOUT_MS",
  "SHUTDOWN_GRACE_MS",
  "TURN_MAX_AGE_MS",
  "RETENTION_DAYS",
  "HEALTH_PORT",
  "HEALTH_HOST",
  "ADMIN_CHAT",
  "ADMIN_USERS",
  "LOG_LEVEL",
] as const;

export type VariableName = (typeof variableNames)[number];

/** All that is set, also what the bridge does not read: a misspelt name is found among it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment and, below it, the `.env` file of `folder`. An empty variable counts as not set, in both
 * places. Fails with a ConfigError when there is a `.env` that can't be read.
 */
export function readEnvironment(folder = process.cwd()): Environment {
  return { ...withoutEmpty(readEnvFile(join(folder, ".env"))), ...withoutEmpty(process.env) };
}

function readEnvFile(path: string): Environment {
  try {
    // Editors on Windows begin a file with a byte order mark, which would become a part of the first name.
    return parseEnv(readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {};
    const problem = `The file ${path} can't be read (${cause instanceof Error ? cause.message : cause}).`;
    throw new ConfigError([{ variable: ".env", problem, next: "Let the bridge's user read it, or remove it." }], {
      cause,
    });
  }
}

function withoutEmpty(variables: Environment): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
}
