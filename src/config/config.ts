import type { CozeMode } from "../coze/agent.ts";
import { ConfigError } from "../errors.ts";
import type { LogLevel } from "../logger.ts";
import { logLevels } from "../logger.ts";
import type { AdminChat } from "./admin-chat.ts";
import { readAdminChat } from "./admin-chat.ts";
import { readAdminUsers } from "./admin-users.ts";
import { readConversationIdleMs } from "./conversation-idle.ts";
import type { CozeAuth } from "./coze-auth.ts";
import { readCozeCredentials } from "./coze-auth.ts";
import { readCozeBase } from "./coze-base.ts";
import { readCozeMode } from "./coze-mode.ts";
import type { CozeTimeouts } from "./coze-timeouts.ts";
import { readCozeTimeouts } from "./coze-timeouts.ts";
import { readDatabasePath } from "./database-path.ts";
import type { Environment } from "./env.ts";
import type { HealthConfig } from "./health.ts";
import { readHealth } from "./health.ts";
import type { PrivateMediaHosts } from "./media-hosts.ts";
import { readMediaHosts } from "./media-hosts.ts";
import type { DiscordConfig, PlatformSettings, TelegramConfig } from "./platforms.ts";
import { readPlatforms } from "./platforms.ts";
import type { QuestionConfig } from "./questions.ts";
import { readQuestions } from "./questions.ts";
import type { Secrets } from "./secrets.ts";
import { concealSecrets } from "./secrets.ts";
import { Settings } from "./settings.ts";
import type { ShowConfig } from "./show.ts";
import { readShow } from "./show.ts";
import { readToolsFile } from "./tools-file.ts";
import { readChoice, readMilliseconds, readWholeNumber } from "./values.ts";
import type { VoiceConfig } from "./voice.ts";
import { readVoice } from "./voice.ts";

/** All that the operator decides, without the secrets: it may be printed. */
export interface Config {
  readonly coze: CozeConfig;
  /** Absent when Telegram is off. */
  readonly telegram?: TelegramConfig;
  /** Absent when Discord is off. */
  readonly discord?: DiscordConfig;
  readonly databasePath: string;
  readonly questions: QuestionConfig;
  readonly show: ShowConfig;
  /** Absent when nobody is answered by voice. */
  readonly voice?: VoiceConfig;
  /** Servers of the operator's own network that files in answers may be fetched from; absent: none. */
  readonly isPrivateMediaHost?: PrivateMediaHosts;
  readonly conversationScope: ConversationScope;
  /** Absent when no silence ends a conversation. */
  readonly conversationIdleMs?: number;
  /** What a running turn gets to end at a shutdown. */
  readonly shutdownGraceMs: number;
  /** An unfinished turn that is older is closed with a word instead of being finished. */
  readonly turnMaxAgeMs: number;
  /** How long ended turns and their events are kept. */
  readonly retentionDays: number;
  /** Absent when health and metrics are served nowhere. */
  readonly health?: HealthConfig;
  /** `<platform>:<user id>`. */
  readonly adminUsers: ReadonlySet<string>;
  /** Absent when the operator reads the log only. */
  readonly adminChat?: AdminChat;
  readonly logLevel: LogLevel;
}

export interface CozeConfig extends CozeTimeouts {
  /** Without a slash at its end. */
  readonly base: string;
  readonly mode: CozeMode;
  readonly auth: CozeAuth;
}

const conversationScopes = ["chat-user", "user", "chat"] as const;

/** Who shares a conversation: a person within one chat, a person everywhere, or everyone in a chat. */
export type ConversationScope = (typeof conversationScopes)[number];

/** Decides on everything at once. Fails with a ConfigError that holds every problem. Reads, beside `env`, only the files that it names. */
export function readConfig(env: Environment): { readonly config: Config; readonly secrets: Secrets } {
  const settings = new Settings(env);
  const base = readCozeBase(settings);
  const credentials = readCozeCredentials(settings);
  const mode = readCozeMode(settings);
  const { telegramToken, discordToken, ...platforms } = readPlatforms(settings);
  const timeouts = readCozeTimeouts(settings);
  const databasePath = readDatabasePath(settings);
  const sessionNameSecret = readSessionNameSecret(settings);
  const questions = readQuestions(settings, mode);
  const optional = readOptional(settings, platforms);
  const tools = readToolsFile(settings, env);
  const rest = readOperation(settings);
  if (settings.problems.length > 0 || !credentials || !mode) throw new ConfigError(settings.problems);
  const { auth, ...cozeSecrets } = credentials;
  return {
    config: {
      coze: { base, mode, auth, ...timeouts },
      ...platforms,
      databasePath,
      questions,
      ...optional,
      ...rest,
    },
    secrets: concealSecrets({
      ...cozeSecrets,
      tools,
      ...(telegramToken !== undefined && { telegramToken }),
      ...(discordToken !== undefined && { discordToken }),
      ...(sessionNameSecret !== undefined && { sessionNameSecret }),
    }),
  };
}

function readSessionNameSecret(settings: Settings): string | undefined {
  const secret = settings.text("SESSION_NAME_SECRET");
  if (secret === undefined || secret.length >= 16) return secret;
  const problem = `It is too short: ${secret.length} characters, at least 16 are needed.`;
  return settings.refuse("SESSION_NAME_SECRET", problem, "Make one with: openssl rand -hex 32");
}

function readOperation(settings: Settings) {
  const turnMaxAgeMs = readMilliseconds(settings, "TURN_MAX_AGE_MS", {
    fallback: 86_400_000,
    min: 1,
    max: 2_592_000_000,
  });
  return {
    adminUsers: readAdminUsers(settings),
    show: readShow(settings),
    conversationScope: readChoice(settings, "CONVERSATION_SCOPE", conversationScopes, "chat-user"),
    shutdownGraceMs: readMilliseconds(settings, "SHUTDOWN_GRACE_MS", { fallback: 15_000, min: 0, max: 600_000 }),
    turnMaxAgeMs,
    retentionDays: readRetentionDays(settings, turnMaxAgeMs),
    logLevel: readChoice(settings, "LOG_LEVEL", logLevels, "info"),
  };
}

/** What is absent unless it is set. */
function readOptional(settings: Settings, platforms: PlatformSettings) {
  const health = readHealth(settings);
  const adminChat = readAdminChat(settings, platforms);
  const voice = readVoice(settings);
  const isPrivateMediaHost = readMediaHosts(settings);
  const conversationIdleMs = readConversationIdleMs(settings);
  return {
    ...(health && { health }),
    ...(adminChat && { adminChat }),
    ...(voice && { voice }),
    ...(isPrivateMediaHost && { isPrivateMediaHost }),
    ...(conversationIdleMs !== undefined && { conversationIdleMs }),
  };
}

function readRetentionDays(settings: Settings, turnMaxAgeMs: number): number {
  const fallback = 30;
  const next = `The default is ${fallback}.`;
  const days = readWholeNumber(settings, "RETENTION_DAYS", { min: 1, max: 3_650, next }) ?? fallback;
  const least = Math.ceil(turnMaxAgeMs / 86_400_000);
  if (days < least) {
    settings.refuse(
      "RETENTION_DAYS",
      "It is shorter than TURN_MAX_AGE_MS, within which an unfinished question is still answered.",
      `Set it to at least ${least}, or lower TURN_MAX_AGE_MS.`,
    );
  }
  return days;
}
