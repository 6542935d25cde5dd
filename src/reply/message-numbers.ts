import type { TurnMessage } from "../store/store.ts";

/** Numbers the messages of an answer in the order in which they are sent. */
export class MessageNumbers {
  #next: number;
  #first: number | undefined;

  /** `earlier` is what an earlier process recorded. */
  constructor(earlier: readonly TurnMessage[] = []) {
    this.#next = Math.max(-1, ...earlier.map(({ part }) => part)) + 1;
    this.#first = earlier.find((message) => !isGivenUp(message))?.part;
  }

  /** The number of one more message. */
  take(): number {
    const part = this.#next;
    this.#next += 1;
    this.#first ??= part;
    return part;
  }

  /** Nothing was sent under this number, and nothing will be. */
  giveUp(part: number): void {
    if (this.#first === part) this.#first = undefined;
  }

  /** Whether it is the message that the answer begins with. */
  isFirst(part: number): boolean {
    return this.#first === part;
  }
}

/** Whether a record tells of a message that was never sent and never will be. */
export function isGivenUp({ sealed, ref }: TurnMessage): boolean {
  return sealed && ref === undefined;
}
