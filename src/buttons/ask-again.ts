import type { ActionEvent, CommandEvent } from "../adapter.ts";
import type { Floor } from "../floor.ts";
import type { Turn } from "../store/store.ts";
import { readAction } from "./actions.ts";

/**
 * Asks a text in the place of an earlier turn, as if the person had written it again. `occasion` makes it happen once: the
 * ledger takes no event twice.
 */
export async function askInPlaceOf(
  turn: Turn,
  { text, occasion }: { readonly text: string; readonly occasion: string },
  event: ActionEvent | CommandEvent,
  floor: Pick<Floor, "ask">,
): Promise<void> {
  const { platform, sentAt, author, chat } = event;
  const { target, conversation, locale } = turn;
  const attachments = text === turn.text ? turn.attachments : [];
  const question = {
    type: "message",
    id: `${prefix}${occasion}`,
    platform,
    sentAt,
    author,
    chat,
    target,
    text,
  } as const;
  await floor.ask({ ...question, attachments, addressed: true }, conversation, locale);
}

/** Whether a turn's question was asked by a button or by asking it again. */
export function isAskedAgain({ eventId }: Pick<Turn, "eventId">): boolean {
  return eventId.startsWith(prefix);
}

/** The id of the turn whose question this turn asks once more, if it does. */
export function earlierTurnOf(turn: Pick<Turn, "eventId">): string | undefined {
  const action = isAskedAgain(turn) ? readAction(turn.eventId.slice(prefix.length)) : undefined;
  return action?.kind === "retry" || action?.kind === "again" ? action.turnId : undefined;
}

/** No platform has such an id. */
const prefix = "button:";
