import type { MessageRef } from "../adapter.ts";
import type { TurnMessage } from "../store/store.ts";
import { isText } from "./answer-plan.ts";
import { isGivenUp } from "./message-numbers.ts";

/** What stands in the chat of an answer, by its records. */
export class InChat {
  readonly #messages = new Map<number, TurnMessage>();

  /** Takes the newest record of a message. */
  note(message: TurnMessage): void {
    this.#messages.set(message.part, message);
  }

  /** Whether anything stands there, or is on its way. */
  get isVisible(): boolean {
    return this.#standing.length > 0;
  }

  /** Whether anything of a segment does. */
  shows(segment: number): boolean {
    return this.#standing.some((message) => message.segment === segment);
  }

  /** Where the buttons of an answer whose files end before this segment may stand, the best place first. */
  placesForButtons(end: number): readonly MessageRef[] {
    const messages = this.#standing.filter(({ segment }) => segment < end);
    const text = messages.findLast(({ segment, ref }) => isText(segment) && ref);
    const files = messages.findLast(({ segment, ref }) => !isText(segment) && ref);
    return [files?.ref, text?.ref].filter((ref) => ref !== undefined);
  }

  get #standing(): readonly TurnMessage[] {
    return [...this.#messages.values()].filter((message) => !isGivenUp(message));
  }
}
