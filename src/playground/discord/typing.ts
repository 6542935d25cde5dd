import type { Clock } from "../../clock.ts";

/** How long one call shows the bot as typing. */
const typingLastsMs = 10_000;

/** Where the bot is shown as typing. */
export class Typing {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  /** By channel: takes the planned end back. */
  readonly #ends = new Map<string, () => void>();

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  start(channelId: string): void {
    this.#ends.get(channelId)?.();
    this.#ends.set(
      channelId,
      this.#clock.after(typingLastsMs, () => {
        this.#ends.delete(channelId);
        this.#onChange();
      }),
    );
  }

  /** A message of the bot ends it. */
  stop(channelId: string): void {
    this.#ends.get(channelId)?.();
    this.#ends.delete(channelId);
  }

  isOn(channelId: string): boolean {
    return this.#ends.has(channelId);
  }

  close(): void {
    for (const cancel of this.#ends.values()) cancel();
    this.#ends.clear();
  }
}
