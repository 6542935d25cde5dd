import type { Clock } from "../clock.ts";
import type { CozeError } from "../coze/errors.ts";
import type { Metrics } from "./metrics.ts";
import type { CozeCondition } from "./readiness.ts";

/** Notes how calls to Coze end, for the metrics and for whoever asks how Coze is. */
export class CozeRecord {
  readonly #clock: Pick<Clock, "now">;
  readonly #metrics: Pick<Metrics, "cozeFailed" | "cozeSucceeded">;
  #lastSuccessAt: number | undefined;
  #lastFailureAt: number | undefined;

  constructor(clock: Pick<Clock, "now">, metrics: Pick<Metrics, "cozeFailed" | "cozeSucceeded">) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  failed(error: CozeError): void {
    this.#lastFailureAt = this.#clock.now();
    this.#metrics.cozeFailed(error);
  }

  succeeded(): void {
    this.#lastSuccessAt = this.#clock.now();
    this.#metrics.cozeSucceeded();
  }

  condition(breakerOpen: boolean): CozeCondition {
    return {
      ...(this.#lastSuccessAt !== undefined && { lastSuccessAt: this.#lastSuccessAt }),
      ...(this.#lastFailureAt !== undefined && { lastFailureAt: this.#lastFailureAt }),
      breakerOpen,
    };
  }
}
