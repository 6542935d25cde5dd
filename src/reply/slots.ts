/** Lets only so many in at a time; the others wait in line. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves with what gives the slot back; rejects with the signal's reason when that aborts before. */
  acquire(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(enter);
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener("abort", leave);
        this.#waiting.delete(enter);
        this.#free -= 1;
        resolve(this.#giveBack());
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(enter);
      this.#serve();
    });
  }

  #giveBack(): () => void {
    let isHeld = true;
    return () => {
      if (isHeld) this.#free += 1;
      isHeld = false;
      this.#serve();
    };
  }

  #serve(): void {
    const [next] = this.#waiting;
    if (this.#free > 0) next?.();
  }
}
