import type { Button, Buttons } from "../adapter.ts";
import type { Words } from "../locale/en.ts";
import { type Answer, answerText } from "../reply/accumulate.ts";
import { shortened } from "../shortened.ts";
import type { TurnOffers } from "../store/store.ts";
import { actionValue } from "./actions.ts";
import { choicesIn } from "./choices.ts";

/** Kinds of buttons, each of which the operator can switch off. */
export const buttonKinds = ["stop", "options", "follow-ups", "regenerate", "feedback"] as const;

export type ButtonKind = (typeof buttonKinds)[number];

/** What a whole answer offers besides its text. */
export function offersOf(answer: Answer): TurnOffers {
  const options = answer.outcome === "waiting-for-reply" ? choicesIn(answerText(answer)) : [];
  // A button without a label would be refused, and the end of the answer with it.
  const followUps = answer.followUps.filter((text) => text.trim() !== "");
  const messageId = answer.messages.at(-1)?.id;
  return {
    ...(options.length > 0 && { options }),
    ...(followUps.length > 0 && { followUps }),
    ...(messageId !== undefined && { messageId }),
  };
}

/** The buttons below a whole answer. */
export function offerButtons(turnId: string, offers: TurnOffers, kinds: ReadonlySet<ButtonKind>): Buttons {
  const { options = [], followUps = [], messageId } = offers;
  const asButtons = (kind: "ask" | "pick", texts: readonly string[]) =>
    texts.map((text, index) => ({ label: shortened(text, longestLabel), value: actionValue({ kind, turnId, index }) }));
  if (options.length > 0) return kinds.has("options") ? inRows(asButtons("pick", options)) : [];
  const verdict: Button[] = [];
  if (kinds.has("regenerate")) verdict.push({ label: "🔁", value: actionValue({ kind: "again", turnId }) });
  if (kinds.has("feedback") && messageId !== undefined) {
    verdict.push({ label: "👍", value: actionValue({ kind: "like", turnId }) });
    verdict.push({ label: "👎", value: actionValue({ kind: "unlike", turnId }) });
  }
  return [
    ...(kinds.has("follow-ups") ? inRows(asButtons("ask", followUps.slice(0, mostFollowUps))) : []),
    ...(verdict.length > 0 ? [verdict] : []),
  ];
}

/** The button below an answer that is being written. */
export function stopButton(turnId: string, words: Words): Buttons {
  return [[{ label: words.stop, value: actionValue({ kind: "stop", turnId }) }]];
}

/** One below the other as far as there is room. */
function inRows(buttons: readonly Button[]): Buttons {
  const perRow = Math.ceil(buttons.length / mostRows);
  const rows = Math.ceil(buttons.length / Math.max(perRow, 1));
  return Array.from({ length: rows }, (_, row) => buttons.slice(row * perRow, (row + 1) * perRow));
}

/** Discord shows no more. */
const mostRows = 5;

const mostFollowUps = 3;

/** Discord's limit for a label; the whole text is in the store. */
const longestLabel = 80;
