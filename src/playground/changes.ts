import { systemClock } from "../clock.ts";

/** Lets a test wait for a state of the emulator: conditions are asked at once, and again once a change is complete. */
export class Changes {
  readonly #waiting = new Set<{ readonly check: () => void; readonly fail: (reason: string) => void }>();
  readonly #describe: () => string;
  #isScheduled = false;

  /** `describe` tells the state, for the message of a wait that failed. */
  constructor(describe: () => string) {
    this.#describe = describe;
  }

  /** Something changed. Conditions are asked after the current step, so that they never see half of it. */
  announce(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      for (const waiter of [...this.#waiting]) waiter.check();
    });
  }

  /** `timeoutMs` is real time, because it guards a test whose clock may stand still. */
  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs = 15_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        cancelTimeout();
        this.#waiting.delete(waiter);
        act();
      };
      const waiter = {
        check: () => {
          try {
            const value = condition();
            if (value) settle(() => resolve(value));
          } catch (error) {
            settle(() => reject(error));
          }
        },
        fail: (reason: string) =>
          settle(() => reject(new Error(`${reason} while waiting for: ${what}\n${this.#describe()}`))),
      };
      const cancelTimeout = systemClock.after(timeoutMs, () => waiter.fail(`${timeoutMs} ms went by`));
      this.#waiting.add(waiter);
      waiter.check();
    });
  }

  close(): void {
    for (const waiter of [...this.#waiting]) waiter.fail("The emulator was closed");
  }
}
