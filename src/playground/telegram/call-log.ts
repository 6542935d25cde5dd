import type { Socket } from "node:net";
import type { ApiCall } from "../chat-platform.ts";
import type { ScopedClock } from "./scoped-clock.ts";

/** A call, from the moment its parameters are known; until it is answered its status is 0. It never has the token. */
export interface TelegramCall extends ApiCall {
  /** The same for all calls that came over one TCP connection. */
  readonly connection: number;
  readonly answeredAt?: number;
}

type OpenCall = { -readonly [Key in keyof TelegramCall]: TelegramCall[Key] };

/** Every call the bot made, oldest first. */
export class CallLog {
  readonly calls: TelegramCall[] = [];
  readonly #clock: ScopedClock;
  readonly #announce: () => void;
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  constructor(clock: ScopedClock, announce: () => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  /** Notes a call; the returned function completes the entry. */
  open(
    method: string,
    parameters: Readonly<Record<string, unknown>>,
    socket: Socket,
  ): (status: number, response: unknown) => void {
    const connection = this.#connectionOf(socket);
    const call: OpenCall = { at: this.#clock.now(), method, parameters, status: 0, response: undefined, connection };
    this.calls.push(call);
    this.#announce();
    return (status, response) => {
      call.status = status;
      call.response = response;
      call.answeredAt = this.#clock.now();
      this.#announce();
    };
  }

  #connectionOf(socket: Socket): number {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    this.#connectionCount += 1;
    this.#connections.set(socket, this.#connectionCount);
    return this.#connectionCount;
  }
}
