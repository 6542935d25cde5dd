import { systemClock } from "../../clock.ts";

interface Waiter {
  readonly check: () => void;
  readonly fail: (reason: string) => void;
}

export interface WaitGuard {
  /** In real time: the test's own clock may stand still. */
  readonly timeoutMs: number;
  /** Tells the state, for the message of a wait that failed. */
  readonly describe: () => string;
}

/** Lets a test wait for a state of the emulator: conditions are asked at once and after every change. */
export class Changes {
  readonly #waiters = new Set<Waiter>();

  notify(): void {
    for (const waiter of [...this.#waiters]) waiter.check();
  }

  until<T>(what: string, condition: () => T | undefined | false | null, guard: WaitGuard): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        cancelTimeout();
        this.#waiters.delete(waiter);
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
        fail: (reason) => settle(() => reject(new Error(`${reason} while waiting for: ${what}\n${guard.describe()}`))),
      };
      const cancelTimeout = systemClock.after(guard.timeoutMs, () => waiter.fail(`${guard.timeoutMs} ms went by`));
      this.#waiters.add(waiter);
      waiter.check();
    });
  }

  close(): void {
    for (const waiter of [...this.#waiters]) waiter.fail("The emulator was closed");
  }
}
