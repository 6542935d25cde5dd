/** Lets only so many in at a time. Nobody waits: who finds no place goes without. */
export class Slots {
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** What gives the slot back, which may be called more than once; nothing when none is free. */
  take(): (() => void) | undefined {
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#free += 1;
      isHeld = false;
    };
  }
}
