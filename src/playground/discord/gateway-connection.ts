import type { WebSocket } from "ws";
import { intents } from "./gateway-events.ts";
import type { Session, Sessions } from "./gateway-sessions.ts";

/** Every intent that exists; another bit closes the connection with 4013. */
const existingIntents = 0b11_0011_0001_1111_1111_1111_1111;
const privilegedIntents = intents.guildMembers | intents.guildPresences | intents.messageContent;

export interface ConnectionRules {
  readonly token: string;
  readonly heartbeatIntervalMs: number;
  /** Privileged intents that the developer portal grants. */
  readonly grantedIntents: number;
  readonly sessions: Sessions;
  readonly now: () => number;
  readonly acknowledgesHeartbeats: () => boolean;
  /** Sends READY and what follows it. */
  readonly onIdentified: (session: Session) => void;
  readonly onResumed: () => void;
  readonly onClosed: () => void;
}

interface Payload {
  readonly op?: unknown;
  readonly d?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** One WebSocket of a client, from HELLO to its end. */
export class GatewayConnection {
  readonly #socket: WebSocket;
  readonly #rules: ConnectionRules;
  #session: Session | undefined;
  #closedByServer = false;

  constructor(socket: WebSocket, rules: ConnectionRules) {
    this.#socket = socket;
    this.#rules = rules;
    socket.on("message", (raw) => this.#receive(String(raw)));
    socket.on("close", (code) => this.#ended(code));
    socket.on("error", () => this.cut());
    this.send({ op: 10, d: { heartbeat_interval: rules.heartbeatIntervalMs, _trace: [] } });
  }

  readonly send = (payload: object): void => {
    this.#socket.send(JSON.stringify({ s: null, t: null, ...payload }));
  };

  /** Takes the session away (op 9). A client may resume a resumable one on this very connection. */
  invalidate(resumable: boolean): void {
    this.#session?.detach(this.send, this.#rules.now());
    if (!resumable) this.#session?.abandon();
    this.#session = undefined;
    this.send({ op: 9, d: resumable });
  }

  close(code: number, reason: string): void {
    this.#closedByServer = true;
    this.#socket.close(code, reason);
  }

  /** Cuts the line without a close frame. */
  cut(): void {
    this.#socket.terminate();
  }

  #receive(raw: string): void {
    if (this.#closedByServer) return;
    try {
      this.#handle(parse(raw));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.close(error.closeCode, error.message);
    }
  }

  #handle({ op, d: data }: Payload): void {
    switch (op) {
      case 1:
        this.#heartbeat(data);
        break;
      case 2:
        this.#identify(asRecord(data));
        break;
      case 6:
        this.#resume(asRecord(data));
        break;
      // Presence, voice state and member requests are taken and have no effect here.
      case 3:
      case 4:
      case 8:
        if (!this.#session) throw new ProtocolError(4003, "Not authenticated.");
        break;
      default:
        throw new ProtocolError(4001, "Unknown opcode.");
    }
  }

  #heartbeat(sequence: unknown): void {
    if (typeof sequence === "number") this.#session?.confirm(sequence);
    if (this.#rules.acknowledgesHeartbeats()) this.send({ op: 11, d: null });
  }

  #identify({ token, intents: asked }: Fields): void {
    this.#authenticate(token);
    if (typeof asked !== "number" || (asked & ~existingIntents) !== 0) {
      throw new ProtocolError(4013, "Invalid intent(s).");
    }
    if ((asked & privilegedIntents & ~this.#rules.grantedIntents) !== 0) {
      throw new ProtocolError(4014, "Disallowed intent(s).");
    }
    this.#session = this.#rules.sessions.open(asked);
    this.#session.attach(this.send);
    this.#rules.onIdentified(this.#session);
  }

  #resume({ token, session_id: sessionId, seq }: Fields): void {
    this.#authenticate(token);
    const session = this.#rules.sessions.resumable(String(sessionId));
    if (!session) {
      this.send({ op: 9, d: false });
      return;
    }
    if (typeof seq !== "number" || seq > session.sequence) throw new ProtocolError(4007, "Invalid seq.");
    this.#session = session;
    session.attach(this.send);
    session.replay(seq);
    this.#rules.onResumed();
  }

  #authenticate(token: unknown): void {
    if (this.#session) throw new ProtocolError(4005, "Already authenticated.");
    if (token !== this.#rules.token) throw new ProtocolError(4004, "Authentication failed.");
  }

  /** A client that says goodbye with 1000 or 1001 gives its session up. */
  #ended(code: number): void {
    const goodbye = !this.#closedByServer && (code === 1000 || code === 1001);
    if (this.#session) {
      this.#session.detach(this.send, this.#rules.now());
      if (goodbye) this.#rules.sessions.forget(this.#session);
    }
    this.#rules.onClosed();
  }
}

/** The client broke a rule of the gateway; the connection is closed with this code. */
class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly closeCode: number;

  constructor(closeCode: number, reason: string) {
    super(reason);
    this.closeCode = closeCode;
  }
}

function parse(raw: string): Payload {
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Falls through to the same refusal as a payload that is no object.
  }
  throw new ProtocolError(4002, "Error while decoding payload.");
}

function asRecord(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
