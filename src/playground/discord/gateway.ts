import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Community } from "./community.ts";
import { userJson } from "./community-json.ts";
import { GatewayConnection } from "./gateway-connection.ts";
import { type GatewayEvent, guildCreateEvent, intents } from "./gateway-events.ts";
import { type Session, Sessions } from "./gateway-sessions.ts";

/** What a test can do to the gateway, and see of it. */
export interface GatewayControl {
  /** Connections that have identified or resumed. */
  readonly connected: number;
  /** How many IDENTIFYs were accepted so far. */
  readonly identified: number;
  /** How many RESUMEs were accepted so far. */
  readonly resumed: number;
  /** Cuts every line. What happens meanwhile is told after a resume. */
  dropConnections(): void;
  /** Closes every connection with a close code, as Discord does at a restart (1001) or on a timeout (4009). */
  closeConnections(code: number): void;
  /** Asks every client to reconnect and resume (op 7). */
  requestReconnect(): void;
  /** Tells every client that its session is invalid (op 9); unless `resumable` it is gone. */
  invalidateSession(resumable: boolean): void;
  /** Forgets every session: a client that resumes has to identify again. */
  forgetSessions(): void;
  /**
   * Cuts every line and refuses new ones (HTTP 503). What happens meanwhile is told after a resume, and never when
   * `forgetSessions`.
   */
  goDown(options: { readonly forgetSessions: boolean }): void;
  /** Takes connections again. */
  comeBack(): void;
  /** Leaves heartbeats unanswered until the returned function is called. */
  ignoreHeartbeats(): () => void;
}

export interface GatewayOptions {
  readonly token: string;
  readonly community: Community;
  readonly now: () => number;
  /** Where clients connect. */
  readonly url: string;
  readonly heartbeatIntervalMs: number;
  /** Whether the developer portal grants the message-content intent. */
  readonly messageContentIntent: boolean;
  readonly onChange: () => void;
}

/** The WebSocket side of Discord. */
export class Gateway implements GatewayControl {
  readonly #options: GatewayOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions: Sessions;
  readonly #connections = new Set<GatewayConnection>();
  #resumed = 0;
  #refusing = false;
  #acknowledging = true;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.now);
  }

  get url(): string {
    return this.#options.url;
  }

  get connected(): number {
    return this.#sessions.all().filter((session) => session.connected).length;
  }

  get identified(): number {
    return this.#sessions.opened;
  }

  get resumed(): number {
    return this.#resumed;
  }

  /** Takes over a connection that asked to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? "/", "http://gateway");
    // A client that goes away at the wrong moment must not end the process.
    socket.on("error", () => socket.destroy());
    if (this.#refusing || url.pathname !== "/gateway") {
      socket.end(
        `HTTP/1.1 ${this.#refusing ? "503 Service Unavailable" : "404 Not Found"}\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection: GatewayConnection = new GatewayConnection(webSocket, {
        token: this.#options.token,
        heartbeatIntervalMs: this.#options.heartbeatIntervalMs,
        grantedIntents: this.#options.messageContentIntent ? intents.messageContent : 0,
        sessions: this.#sessions,
        now: this.#options.now,
        acknowledgesHeartbeats: () => this.#acknowledging,
        onIdentified: (session) => this.#welcome(session),
        onResumed: () => this.#countResume(),
        onClosed: () => this.#remove(connection),
      });
      this.#connections.add(connection);
      if (url.searchParams.get("v") !== "10") connection.close(4012, "Invalid API version.");
    });
  }

  dispatch(event: GatewayEvent): void {
    this.#sessions.dispatch(event);
  }

  dropConnections(): void {
    for (const connection of this.#connections) connection.cut();
  }

  closeConnections(code: number): void {
    for (const connection of this.#connections) connection.close(code, "");
  }

  requestReconnect(): void {
    for (const connection of this.#connections) connection.send({ op: 7, d: null });
  }

  invalidateSession(resumable: boolean): void {
    for (const connection of this.#connections) connection.invalidate(resumable);
  }

  forgetSessions(): void {
    for (const session of this.#sessions.all()) session.abandon();
  }

  goDown(options: { readonly forgetSessions: boolean }): void {
    this.#refusing = true;
    if (options.forgetSessions) this.forgetSessions();
    this.dropConnections();
  }

  comeBack(): void {
    this.#refusing = false;
  }

  ignoreHeartbeats(): () => void {
    this.#acknowledging = false;
    return () => {
      this.#acknowledging = true;
    };
  }

  close(): void {
    this.dropConnections();
    this.#server.close();
  }

  /** READY lists the guilds as unavailable; each becomes available by its GUILD_CREATE. */
  #welcome(session: Session): void {
    const { bot } = this.#options.community;
    const guilds = [...this.#options.community.guilds.values()].filter((guild) => guild.botIsMember);
    const ready = {
      v: 10,
      user: { ...userJson(bot), verified: true, mfa_enabled: false, email: null, flags: 0 },
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      session_type: "normal",
      resume_gateway_url: this.#options.url,
      shard: [0, 1],
      application: { id: bot.id, flags: this.#options.messageContentIntent ? 1 << 19 : 0 },
      user_settings: {},
      relationships: [],
      private_channels: [],
      presences: [],
    };
    session.dispatch({ name: "READY", intent: 0, data: () => ready });
    for (const guild of guilds) session.dispatch(guildCreateEvent(guild, bot));
    this.#options.onChange();
  }

  #countResume(): void {
    this.#resumed += 1;
    this.#options.onChange();
  }

  #remove(connection: GatewayConnection): void {
    this.#connections.delete(connection);
    this.#options.onChange();
  }
}
