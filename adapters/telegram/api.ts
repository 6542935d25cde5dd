import { setMaxListeners } from "node:events";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Api, type Transformer } from "grammy";
import { anySignal } from "../../src/abort.ts";
import type { CallReport } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { downloadRefused, refused, unanswered } from "./errors.ts";
import { withTimeLimit } from "./time-limit.ts";

export interface BotApiConfig {
  readonly token: string;
  /** Default `https://api.telegram.org`. */
  readonly apiBase?: string;
  readonly clock: Clock;
}

/** grammY's calls, each with a time limit. Whatever fails is a `PlatformError` that does not hold the token. */
export interface Connection {
  readonly api: Api;
  /** Ends the calls under way and cuts every socket. Later calls open new ones. */
  close(): void;
}

/** One bot on one Bot API server. */
export interface BotApi extends Connection {
  /** The same bot over sockets of its own, so that they can be cut without harm to other calls. */
  connect(): Connection;
  /** Opens the file at a `file_path` of `getFile`. */
  download(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** Calls `listener` after every call of a method, over any of its connections. */
  observeCalls(listener: CallListener): void;
}

export type CallListener = (call: CallReport) => void;

/** grammY names its signals after a polyfill; native ones are what it gets. */
export type GrammySignal = NonNullable<Parameters<Api["getMe"]>[0]>;

/** How long the server holds a `getUpdates` that has nothing to tell, in seconds: its maximum (Bot API server 10.0). */
export const POLL_SECONDS = 50;

const REQUEST_LIMIT_MS = 30_000;
const POLL_LIMIT_MS = POLL_SECONDS * 1000 + 20_000;
/** Enough for the largest file over a line of 2 Mbit/s. */
const UPLOAD_LIMIT_MS = 240_000;

export function createBotApi({ token, apiBase, clock }: BotApiConfig): BotApi {
  const root = (apiBase ?? "https://api.telegram.org").replace(/\/+$/, "");
  const Agent = root.startsWith("https:") ? HttpsAgent : HttpAgent;
  let listener: CallListener = () => undefined;

  function connect(): Connection {
    const agent = new Agent({ keepAlive: true });
    let life = newLife();
    const api = new Api(token, { apiRoot: root, baseFetchConfig: { agent, compress: true } });
    // Each one is around those before it.
    api.config.use(
      timeLimit(clock, () => life.signal),
      reportCalls(clock, (call) => listener(call)),
      followMigration,
      failAsPlatformError,
    );
    const close = () => {
      life.abort();
      life = newLife();
      agent.destroy();
    };
    return { api, close };
  }

  return {
    ...connect(),
    connect,
    download: (path, signal) =>
      withTimeLimit(
        clock,
        REQUEST_LIMIT_MS,
        (limited) => open(`${root}/file/bot${token}/${path}`, limited),
        signal,
      ).catch((error: unknown) => {
        throw error instanceof PlatformError ? error : unanswered("download", error);
      }),
    observeCalls(newListener) {
      listener = newListener;
    },
  };
}

/** What ends every call over a connection, of which there is no limit to how many run at once. */
function newLife(): AbortController {
  const life = new AbortController();
  setMaxListeners(0, life.signal);
  return life;
}

/** A server that takes a request and then says nothing must not hold the bridge. */
function timeLimit(clock: Clock, life: () => AbortSignal): Transformer {
  return (call, method, payload, signal) => {
    const limitMs = limitOf(method);
    const sources = signal === undefined ? [life()] : [life(), signal as AbortSignal];
    const { signal: own, release } = anySignal(sources);
    const request = (limited: AbortSignal) => call(method, payload, limited as GrammySignal);
    return withTimeLimit(clock, limitMs, request, own).finally(release);
  };
}

function limitOf(method: string): number {
  if (method === "getUpdates") return POLL_LIMIT_MS;
  return uploads.includes(method) ? UPLOAD_LIMIT_MS : REQUEST_LIMIT_MS;
}

/** Below everything that repeats a call or gives its failure another form, so that it sees each request. */
function reportCalls(clock: Clock, report: CallListener): Transformer {
  return async (call, method, payload, signal) => {
    const startedAt = clock.now();
    const end = (status?: number) =>
      report({ method, ...(status !== undefined && { status }), ms: clock.now() - startedAt });
    try {
      const answer = await call(method, payload, signal);
      end(answer.ok ? 200 : answer.error_code);
      return answer;
    } catch (error) {
      end();
      throw error;
    }
  };
}

const uploads: readonly string[] = [
  "sendPhoto",
  "sendDocument",
  "sendAudio",
  "sendVideo",
  "sendVoice",
  "sendMediaGroup",
];

const followedMethods: readonly string[] = ["sendMessage", "sendRichMessage", "sendChatAction", ...uploads];

/**
 * A group that became a supergroup has a new id; Telegram refuses the old one and names the new. Only new messages
 * follow: the ids of messages and topics mean nothing, or something else, in the new chat.
 */
const followMigration: Transformer = async (call, method, payload, signal) => {
  const answer = await call(method, payload, signal);
  const moved = answer.ok ? undefined : answer.parameters?.migrate_to_chat_id;
  if (moved === undefined || !followedMethods.includes(method)) return answer;
  const inNewChat = { ...payload, chat_id: moved, reply_parameters: undefined, message_thread_id: undefined };
  return call(method, inNewChat, signal);
};

const failAsPlatformError: Transformer = async (call, method, payload, signal) => {
  const answer = await call(method, payload, signal).catch((error: unknown) => {
    throw unanswered(method, error);
  });
  if (answer.ok === true) return answer;
  if (typeof answer.error_code !== "number") throw unanswered(method, new Error("the answer is not Telegram's"));
  throw refused(method, answer);
};

async function open(url: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(url, { signal, redirect: "manual" });
  if (response.ok && response.body !== null) return response.body;
  await response.body?.cancel();
  throw downloadRefused(response.status);
}
