import { once, setMaxListeners } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../../clock.ts";
import { FaultPlan } from "../faults.ts";
import { agentChatEndpoints } from "./agent-chat.ts";
import type { Endpoint, ReceivedFile } from "./api.ts";
import { appConversationEndpoints } from "./app-conversations.ts";
import { audioEndpoints } from "./audio.ts";
import { type Answer, friendlyBrain, type Mode } from "./brain.ts";
import { catalog, catalogEndpoints } from "./catalog.ts";
import { chatRecordEndpoints } from "./chat-records.ts";
import { chatflowEndpoints } from "./chatflow.ts";
import { conversationEndpoints } from "./conversation-endpoints.ts";
import { Conversations } from "./conversations.ts";
import type { Dialect } from "./dialect.ts";
import { type Auth, environmentOf } from "./environment.ts";
import { feedbackEndpoints } from "./feedback.ts";
import { Files, fileEndpoints, type StoredFile } from "./files.ts";
import { createIds } from "./ids.ts";
import { messageEndpoints } from "./message-endpoints.ts";
import { tokenEndpoint } from "./oauth.ts";
import { type OAuthApp, oauthApp } from "./oauth-app.ts";
import { type RecordedRequest, Recorder } from "./record.ts";
import { createApiServer } from "./server.ts";
import type { Service } from "./service.ts";
import type { Writing } from "./stream.ts";
import { Tokens } from "./tokens.ts";
import { toolOutputEndpoints } from "./tool-outputs.ts";
import { type ConversationView, viewOf } from "./view.ts";

export interface CozeEmulatorOptions {
  /** Default: real time. */
  readonly clock?: Clock;
  /** Default: the hosted service. */
  readonly dialect?: Dialect;
  /** On 127.0.0.1. Default: any free one. */
  readonly port?: number;
  /** Whether the hosted service's `/v3/chat/retrieve` and `/v3/chat/message/list` know the chats of flows. Default: no. */
  readonly retrievesFlowChats?: boolean;
}

/** A local Coze: stateful, with its own account, agent, flow and app. Its client's side is the wire alone. */
export interface CozeEmulator {
  readonly baseUrl: string;
  readonly dialect: Dialect;
  /** The account's ids, and some that are unpublished. */
  readonly catalog: typeof catalog;
  /** Chooses what the next runs do. May be replaced at any time. */
  answer: Answer;
  /** What is said in a recording that is to be transcribed. May be replaced at any time. */
  hear: (file: ReceivedFile) => string;
  /** Planned by method and path: `POST /v3/chat`, `POST /v1/conversations/:conversation_id/clear`. */
  readonly faults: FaultPlan;
  /** How streams are written: line ends, and the size of pieces. May be changed at any time. */
  readonly writing: Writing;

  /** The OAuth JWT app, with its private key in both formats. */
  readonly oauthApp: OAuthApp;
  /** A personal access token. */
  readonly personalToken: string;
  /** Makes every token that was exchanged invalid at once. */
  revokeTokens(): void;
  /** The variables that point a bridge here. Default of `auth`: `jwt`, and `token` where the dialect has no OAuth. */
  environment(mode: Mode, auth?: Auth): Readonly<Record<string, string>>;

  /** Every request, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Tokens issued so far by `session_name`; those without one under the empty name. */
  readonly exchanges: ReadonlyMap<string, number>;
  readonly conversations: readonly ConversationView[];
  /** The uploaded files, oldest first. */
  readonly files: readonly StoredFile[];
  /**
   * Resolves with the first truthy value of `condition`, asked now and after every change here (request, token, step
   * of a run, conversation). Rejects after `timeoutMs` (default 15,000) with a message that holds `what` and the requests.
   */
  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs?: number): Promise<T>;
  /** Ends all runs and connections. May be called twice. */
  close(): Promise<void>;
}

/** Starts an emulator; it listens when the promise resolves. */
export async function startCozeEmulator(options: CozeEmulatorOptions = {}): Promise<CozeEmulator> {
  const emulator = new LocalCoze(await oauthApp(), options);
  await emulator.listen(options.port ?? 0);
  return emulator;
}

class LocalCoze implements CozeEmulator {
  readonly dialect: Dialect;
  readonly catalog = catalog;
  readonly faults = new FaultPlan();
  readonly writing: Writing = { lineEnd: "\n", chunkBytes: Number.POSITIVE_INFINITY };
  readonly oauthApp: OAuthApp;
  answer: Answer = friendlyBrain;
  hear = ({ name }: ReceivedFile) => `What is said in ${name}.`;
  readonly #clock: Clock;
  readonly #recorder = new Recorder();
  readonly #tokens: Tokens;
  readonly #conversations: Conversations;
  readonly #files = new Files();
  readonly #newId = createIds();
  readonly #retrievesFlowChats: boolean;
  readonly #closing = new AbortController();
  readonly #server: Server;

  constructor(app: OAuthApp, options: CozeEmulatorOptions) {
    const { clock = systemClock, dialect = "hosted", retrievesFlowChats = false } = options;
    this.dialect = dialect;
    this.oauthApp = app;
    this.#clock = clock;
    this.#retrievesFlowChats = retrievesFlowChats;
    this.#tokens = new Tokens(clock);
    this.#conversations = new Conversations(clock, this.#newId);
    // Every run listens to it, and there is no limit to how many go on at once.
    setMaxListeners(0, this.#closing.signal);
    this.#server = createApiServer({
      clock,
      dialect,
      endpoints: this.#endpoints(),
      tokens: this.#tokens,
      faults: this.faults,
      recorder: this.#recorder,
      writing: this.writing,
      closing: this.#closing.signal,
    });
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get personalToken(): string {
    return this.#tokens.personalToken;
  }

  get requests(): readonly RecordedRequest[] {
    return this.#recorder.requests;
  }

  get exchanges(): ReadonlyMap<string, number> {
    return this.#recorder.exchanges;
  }

  get conversations(): readonly ConversationView[] {
    return this.#conversations.all().map(viewOf);
  }

  get files(): readonly StoredFile[] {
    return this.#files.all();
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  revokeTokens(): void {
    this.#tokens.revokeIssued();
  }

  environment(mode: Mode, auth: Auth = this.dialect === "hosted" ? "jwt" : "token"): Readonly<Record<string, string>> {
    const { baseUrl, oauthApp: app, personalToken } = this;
    return environmentOf({ baseUrl, app, personalToken }, mode, auth);
  }

  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs?: number): Promise<T> {
    return this.#recorder.until(what, condition, timeoutMs);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #endpoints(): readonly Endpoint[] {
    const service: Service = {
      clock: this.#clock,
      dialect: this.dialect,
      newId: this.#newId,
      conversations: this.#conversations,
      files: this.#files,
      hear: (file) => this.hear(file),
      retrievesFlowChats: this.#retrievesFlowChats,
      answer: (question) => this.answer(question),
      closing: this.#closing.signal,
      changed: () => this.#recorder.changed(),
    };
    const oauth = tokenEndpoint({
      app: this.oauthApp,
      tokens: this.#tokens,
      clock: this.#clock,
      audience: () => new URL(this.baseUrl).host,
      onExchange: (sessionName) => this.#recorder.countExchange(sessionName),
    });
    const hosted = [oauth, ...toolOutputEndpoints(service), ...audioEndpoints(service), ...feedbackEndpoints(service)];
    return [
      // The self-hosted server lacks some, and has one of its own.
      ...(this.dialect === "hosted" ? hosted : appConversationEndpoints(service)),
      ...agentChatEndpoints(service),
      ...chatRecordEndpoints(service),
      ...chatflowEndpoints(service),
      ...conversationEndpoints(service),
      ...messageEndpoints(service),
      ...fileEndpoints(service),
      ...catalogEndpoints(),
    ];
  }
}
