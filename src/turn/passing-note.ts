import type { Clock } from "../clock.ts";

/** Words of the bridge's own below an answer. They come when something takes long, and leave no trace when it is over. */
export class PassingNote {
  readonly #clock: Clock;
  readonly #annotate: (note: string) => void;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, annotate: (note: string) => void) {
    this.#clock = clock;
    this.#annotate = annotate;
  }

  /** Shows `note` after `ms` milliseconds, instead of what was to be shown before. */
  showIn(ms: number, note: string): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => this.#annotate(note));
  }

  clear(): void {
    this.#cancel();
    this.#annotate("");
  }
}
