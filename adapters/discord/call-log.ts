import { DefaultRestOptions, type RESTOptions } from "discord.js";
import type { CallReport } from "../../src/adapter.ts";
import type { Clock } from "../../src/clock.ts";
import { methodOf } from "./errors.ts";

/** How the SDK sends a request. */
export type Send = RESTOptions["makeRequest"];

/** Tells of every request that goes to Discord's HTTP API, the SDK's own among them. */
export class CallLog {
  readonly #clock: Pick<Clock, "now">;
  #listener: ((call: CallReport) => void) | undefined;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  observe(listener: (call: CallReport) => void): void {
    this.#listener = listener;
  }

  readonly send: Send = async (url, init) => {
    const method = methodOf(init.method ?? "GET", routeOf(url));
    const startedAt = this.#clock.now();
    const report = (status?: number) => {
      this.#listener?.({ method, ms: this.#clock.now() - startedAt, ...(status !== undefined && { status }) });
    };
    try {
      const answer = await DefaultRestOptions.makeRequest(url, init);
      report(answer.status);
      return answer;
    } catch (error) {
      report();
      throw error;
    }
  };
}

/** `https://discord.com/api/v10/channels/1` → `/channels/1` */
function routeOf(url: string): string {
  return new URL(url).pathname.replace(/^.*?\/v\d+(?=\/)/, "");
}
