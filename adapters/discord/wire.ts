import { AsyncLocalStorage } from "node:async_hooks";
import type { ResponseLike } from "discord.js";
import type { RateReport } from "../../src/adapter.ts";
import type { Send } from "./call-log.ts";
import { type Counted, rateLimitBodyOf, rateLimited, rateReportOf } from "./rate-limits.ts";

/** What the wire must know of a request. */
export interface Carried {
  /** For errors: `PATCH /channels/:id/messages/:id`. */
  readonly method: string;
  /** Whether its pace is the core's. */
  readonly isPaced: boolean;
  /** The limit whose state the answer's headers tell. */
  readonly counts: Counted | undefined;
}

/**
 * What goes over the wire, below the SDK. The limits of paced requests end here: the SDK is not told of them, for it
 * would refuse by a count of its own, rounded and late, what the core has timed to the millisecond.
 */
export class Wire {
  readonly #carried = new AsyncLocalStorage<Carried>();
  readonly #send: Send;
  #listener: ((report: RateReport) => void) | undefined;

  constructor(send: Send) {
    this.#send = send;
  }

  observeRates(listener: (report: RateReport) => void): void {
    this.#listener = listener;
  }

  /** Runs `make`, which lets the SDK send `request`. */
  carry<T>(request: Carried, make: () => Promise<T>): Promise<T> {
    return this.#carried.run(request, make);
  }

  readonly send: Send = async (url, init) => {
    const answer = await this.#send(url, init);
    const request = this.#carried.getStore();
    if (!request?.isPaced) return answer;
    if (answer.status === 429) {
      const body = await rateLimitBodyOf(answer);
      // An error code means a limit of one message, not the one that these headers tell of elsewhere.
      if (!body?.code) this.#report(answer, request.counts);
      throw rateLimited(answer, body, request.method);
    }
    this.#report(answer, request.counts);
    answer.headers.delete("X-RateLimit-Remaining");
    return answer;
  };

  #report(answer: ResponseLike, counted: Counted | undefined): void {
    const report = counted && rateReportOf(answer, counted);
    if (report) this.#listener?.(report);
  }
}
