import type { Logger } from "pino";
import type { Adapter } from "./adapter.ts";
import { Bridge, type BridgeOptions } from "./bridge.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config/config.ts";
import type { Secrets } from "./config/secrets.ts";
import { createQuestionContext } from "./context/question-context.ts";
import { Conversations } from "./conversations/conversations.ts";
import { PastConversations } from "./conversations/past-conversations.ts";
import type { CozeAgent } from "./coze/agent.ts";
import { createFixedToken, createJwtTokens, type TokenSource } from "./coze/auth.ts";
import { withBreaker } from "./coze/breaker.ts";
import { type CozeClient, type CozeClientOptions, createCozeClient } from "./coze/client.ts";
import { fetchMedia } from "./media/fetch-media.ts";
import { CozeRecord } from "./operation/coze-record.ts";
import { measured } from "./operation/measured-store.ts";
import { createMetrics } from "./operation/metrics.ts";
import { concernOf, OperatorNotices } from "./operation/operator.ts";
import { operatorChat } from "./operation/operator-chat.ts";
import { Preparation } from "./preparation/preparation.ts";
import { Budgets } from "./reply/budget.ts";
import { Slots } from "./reply/slots.ts";
import { VoiceAnswers } from "./speech/voice-answers.ts";
import { openSqliteStore } from "./store/sqlite.ts";
import type { Store } from "./store/store.ts";
import { createTools } from "./tools/tools.ts";
import { createFreshStart } from "./turn/fresh-start.ts";

/** The way to Coze that the configuration describes. */
export function createCoze(
  { coze: config, questions }: Config,
  secrets: Secrets,
  logger: Logger,
  observer?: CozeClientOptions["observer"],
): { coze: CozeClient; tokens: TokenSource } {
  const { base, mode, auth, idleTimeoutMs } = config;
  const connection = { base, idleTimeoutMs, clock: systemClock, logger, ...(observer && { observer }) };
  const { cozePrivateKey, cozeToken = "" } = secrets;
  const tokens =
    auth.kind === "jwt" && cozePrivateKey
      ? createJwtTokens({
          ...connection,
          app: { clientId: auth.clientId, publicKeyId: auth.publicKeyId, privateKey: cozePrivateKey },
        })
      : createFixedToken(cozeToken);
  const { fileParameters } = questions;
  return { coze: createCozeClient({ ...connection, mode, tokens, fileParameters }), tokens };
}

export interface Surroundings {
  readonly adapters: readonly Adapter[];
  readonly logger: Logger;
  /** Aborts what the operator would still be told. */
  readonly ending: AbortSignal;
}

/** Puts the parts together; nothing runs yet. Throws a StoreError when the database can't be used. */
export function assemble(config: Config, secrets: Secrets, { adapters, logger, ending }: Surroundings) {
  const clock = systemClock;
  const metrics = createMetrics();
  const record = new CozeRecord(clock, metrics);
  const agent = withBreaker(createCoze(config, secrets, logger, record).coze, { clock, logger });
  for (const adapter of adapters) adapter.observeCalls((call) => metrics.platformCall(adapter.name, call));
  const budgets = new Budgets(clock);
  const { adminChat } = config;
  const say = adminChat && operatorChat(adminChat, adapters, { budgets, clock, signal: ending });
  const notices = new OperatorNotices({ clock, logger, ...(say && { say }) });
  const file = openSqliteStore(config.databasePath, {
    clock,
    observer: {
      failed: (err) => notices.report("store", { err }),
      recovered: () => logger.info({}, "the database can be written again"),
    },
  });
  const store = measured(file, metrics);
  const bridge = new Bridge({
    ...{ adapters, logger, clock, budgets, slots: new Slots(4), observer: metrics.observer },
    ...answering(config, secrets, { agent, store, logger }),
    adminUsers: config.adminUsers,
    turnMaxAgeMs: config.turnMaxAgeMs,
    turnTimeoutMs: config.coze.turnTimeoutMs,
    onTrouble(error, details) {
      const concern = concernOf(error);
      if (concern) notices.report(concern, { ...details, err: error });
    },
  });
  metrics.watch({ queue: () => bridge.depth, adapters });
  return { bridge, store, metrics, notices, coze: () => record.condition(agent.isOpen) };
}

interface AnsweringParts {
  readonly agent: CozeAgent;
  readonly store: Store;
  readonly logger: Logger;
}

/** What is asked, in which conversation, and what stands in the chat for it. */
function answering(config: Config, secrets: Secrets, { agent, store, logger }: AnsweringParts) {
  const clock = systemClock;
  const { base, mode, auth } = config.coze;
  const { conversationScope: scope, questions, show, voice } = config;
  const { sessionNameSecret, tools } = secrets;
  if (auth.kind === "token") logger.warn(sharedIdentityWarning);
  const conversations = new Conversations(agent, store, { mode, isIdentityShared: auth.kind === "token" });
  const { context, fileParameters, maxFileBytes: maxBytes } = questions;
  return {
    ...{ agent, store, conversations, show },
    rules: { base, mode, scope, ...(sessionNameSecret && { sessionNameSecret }) },
    past: new PastConversations(store, agent, logger, scope),
    freshStart: createFreshStart({ store, conversations, logger, idleMs: config.conversationIdleMs }),
    preparation: new Preparation({ agent, store, fileParameters, maxBytes, clock, logger }),
    contextOf: createQuestionContext(context, { sessionNameSecret }),
    tools: createTools(tools, { logger, clock }),
    fetchMedia: (url, limits, signal) =>
      fetchMedia(url, limits, signal, { clock, allowPrivate: config.isPrivateMediaHost }),
    ...(voice && { voiceAnswers: new VoiceAnswers({ ...voice, agent, clock, logger }) }),
  } satisfies Partial<BridgeOptions>;
}

const sharedIdentityWarning =
  "COZE_API_TOKEN is one identity for everyone: Coze does not keep the memory of different people apart. " +
  "Use it to try things out; set the COZE_JWT_OAUTH_ variables for real use.";
