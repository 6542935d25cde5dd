import type { IncomingHttpHeaders } from "node:http";
import { Changes } from "../changes.ts";
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

/** Everything that happened, and those who wait for it. */
export class Recorder {
  readonly #requests: { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }[] = [];
  readonly #exchanges = new Map<string, number>();
  readonly #changes = new Changes(() => this.#summary());

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
    this.#changes.announce();
  }

  /** As `ChatPlatform.until`: resolves with the first truthy value of `condition`. */
  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs?: number): Promise<T> {
    return this.#changes.until(what, condition, timeoutMs);
  }

  #summary(): string {
    const lines = this.#requests.map(
      ({ method, path, sessionName, status, aborted }) =>
        `  ${method} ${path} ${sessionName ?? "-"} ${status}${aborted ? " aborted" : ""}`,
    );
    return lines.length === 0 ? "  none" : lines.join("\n");
  }
}
