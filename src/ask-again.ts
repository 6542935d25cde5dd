import type { ActionEvent, CommandEvent } from "./adapter.ts";
import type { Floor } from "./floor.ts";
import type { Turn } from "./store/store.ts";

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
  const question = { type: "message", id: `button:${occasion}`, platform, sentAt, author, chat, target, text } as const;
  await floor.ask({ ...question, attachments, addressed: true }, conversation, locale);
}
