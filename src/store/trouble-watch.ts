import type { Clock } from "../clock.ts";
import type { StoreError } from "./errors.ts";

/** Told how writing goes. */
export interface StoreObserver {
  /** A call failed, and perhaps many do: `error` says what to do. */
  failed(error: StoreError): void;
  /** Writing works again. */
  recovered(): void;
}

export interface TroubleWatchParts {
  readonly clock: Clock;
  readonly observer: StoreObserver | undefined;
  /** Tries to write; what comes of it is told by `failed` or `wrote`. */
  readonly probe: () => void;
}

/**
 * Remembers whether writing works and, when it doesn't, tries again by itself. A disk at its limit takes one write and
 * refuses the next, so the trouble is over only after a while without a failure.
 */
export class TroubleWatch {
  readonly #parts: TroubleWatchParts;
  #failedAt: number | undefined;
  #cancelProbe: (() => void) | undefined;

  constructor(parts: TroubleWatchParts) {
    this.#parts = parts;
  }

  /** Whether writing failed not long ago. */
  get isTroubled(): boolean {
    return this.#failedAt !== undefined;
  }

  failed(error: StoreError): void {
    this.#failedAt = this.#parts.clock.now();
    this.#probeSoon();
    this.#parts.observer?.failed(error);
  }

  wrote(): void {
    if (this.#failedAt === undefined) return;
    if (this.#parts.clock.now() - this.#failedAt < calmMs) return this.#probeSoon();
    this.#failedAt = undefined;
    this.stop();
    this.#parts.observer?.recovered();
  }

  /** Tries no more. */
  stop(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }

  #probeSoon(): void {
    this.#cancelProbe ??= this.#parts.clock.after(probeEveryMs, () => {
      this.#cancelProbe = undefined;
      this.#parts.probe();
    });
  }
}

const probeEveryMs = 5_000;
const calmMs = 30_000;
