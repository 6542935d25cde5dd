import { type GatewayEvent, intents } from "./gateway-events.ts";

/** "A few minutes" for which a session without a connection can be resumed. */
const resumableForMs = 3 * 60_000;

interface Dispatched {
  readonly op: 0;
  readonly s: number;
  readonly t: string;
  readonly d: unknown;
}

export type Send = (payload: object) => void;

/** What the gateway remembers of one identified client, across its connections. */
export class Session {
  readonly id: string;
  readonly #intents: number;
  #sequence = 0;
  #dispatched: Dispatched[] = [];
  #send: Send | undefined;
  #detachedAt: number | undefined;
  #abandoned = false;

  constructor(id: string, intentBits: number) {
    this.id = id;
    this.#intents = intentBits;
  }

  get connected(): boolean {
    return this.#send !== undefined;
  }

  get sequence(): number {
    return this.#sequence;
  }

  attach(send: Send): void {
    this.#send = send;
    this.#detachedAt = undefined;
  }

  /** Does nothing when another connection has taken the session over. */
  detach(send: Send, now: number): void {
    if (this.#send !== send) return;
    this.#send = undefined;
    this.#detachedAt = now;
  }

  /** It lives on with its connection, and can't be resumed after it. */
  abandon(): void {
    this.#abandoned = true;
  }

  isResumable(now: number): boolean {
    if (this.#abandoned) return false;
    return this.#detachedAt === undefined || now - this.#detachedAt <= resumableForMs;
  }

  /** Sends the event if the session asked for its kind, and keeps it for a resume. */
  dispatch(event: GatewayEvent): void {
    if (event.intent !== 0 && (this.#intents & event.intent) === 0) return;
    this.#sequence += 1;
    const data = event.data((this.#intents & intents.messageContent) !== 0);
    const payload: Dispatched = { op: 0, s: this.#sequence, t: event.name, d: data };
    this.#dispatched.push(payload);
    this.#send?.(payload);
  }

  /** Sends again what came after `sequence`, then RESUMED. */
  replay(sequence: number): void {
    for (const payload of this.#dispatched) if (payload.s > sequence) this.#send?.(payload);
    this.dispatch({ name: "RESUMED", intent: 0, data: () => ({ _trace: [] }) });
  }

  /** The client has got everything up to `sequence`; nobody will ask for it again. */
  confirm(sequence: number): void {
    this.#dispatched = this.#dispatched.filter((payload) => payload.s > sequence);
  }
}

/** All sessions of the bot; each gets every event it asked for. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;
  #opened = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many IDENTIFYs were accepted. */
  get opened(): number {
    return this.#opened;
  }

  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  open(intentBits: number): Session {
    this.#opened += 1;
    const session = new Session(this.#opened.toString(16).padStart(32, "0"), intentBits);
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session of this id that can still be resumed. */
  resumable(id: string): Session | undefined {
    this.#prune();
    return this.#sessions.get(id);
  }

  forget(session: Session): void {
    this.#sessions.delete(session.id);
  }

  dispatch(event: GatewayEvent): void {
    this.#prune();
    for (const session of this.#sessions.values()) session.dispatch(event);
  }

  #prune(): void {
    for (const session of this.all()) {
      if (!session.connected && !session.isResumable(this.#now())) this.forget(session);
    }
  }
}
