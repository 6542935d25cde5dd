import type { IncomingHttpHeaders } from "node:http";
import type { Fields } from "./api.ts";

/** One request as the emulator saw it. */
export interface RecordedRequest {
  /** The emulator's clock, in milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: Fields;
  /** Without `Authorization`. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Fields;
  /** The `session_name` of the caller's token, when it is valid and has one. */
  readonly sessionName?: string;
  /** HTTP status of the answer; 0 as long as there is none, and for good when the connection was reset or hung. */
  readonly status: number;
  /** Whether the client hung up before the answer had ended. */
  readonly aborted: boolean;
}

const DEFAULT_TIMEOUT_MS = 15_000;

interface Waiter {
  check(): void;
}

/** Everything that happened, and those who wait for it. */
export class Recorder {
  readonly #requests: { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }[] = [];
  readonly #exchanges = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();

  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  get exchanges(): ReadonlyMap<string, number> {
    return this.#exchanges;
  }

  /** Adds a request; the returned object notes how it ended. */
  add(request: Omit<RecordedRequest, "status" | "aborted">): { answered(status: number): void; aborted(): void } {
    const { authorization: _secret, ...headers } = request.headers;
    const entry = { ...request, headers, status: 0, aborted: false };
    this.#requests.push(entry);
    this.changed();
    return {
      answered: (status) => {
        entry.status = status;
        this.changed();
      },
      aborted: () => {
        entry.aborted = true;
        this.changed();
      },
    };
  }

  countExchange(sessionName: string | undefined): void {
    const name = sessionName ?? "";
    this.#exchanges.set(name, (this.#exchanges.get(name) ?? 0) + 1);
    this.changed();
  }

  changed(): void {
    for (const waiter of this.#waiters) waiter.check();
  }

  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#waiters.delete(waiter);
        clearTimeout(timer);
        act();
      };
      const waiter: Waiter = {
        check: () => {
          try {
            const value = condition();
            if (value) settle(() => resolve(value));
          } catch (error) {
            settle(() => reject(error));
          }
        },
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}. Requests:\n${this.#summary()}`)));
      }, timeoutMs);
      this.#waiters.add(waiter);
      waiter.check();
    });
  }

  #summary(): string {
    const lines = this.#requests.map(
      ({ method, path, sessionName, status, aborted }) =>
        `  ${method} ${path} ${sessionName ?? "-"} ${status}${aborted ? " aborted" : ""}`,
    );
    return lines.length === 0 ? "  none" : lines.join("\n");
  }
}
