/** What the buttons below the bridge's messages bring back ({@link Button.value} of adapter.ts). */
export type Action =
  /** Asks the question of a turn that failed once more. */
  | { readonly kind: "retry"; readonly turnId: string }
  /** Asks the question of a turn that was answered once more. */
  | { readonly kind: "again"; readonly turnId: string }
  /** Ends an answer that is being written. */
  | { readonly kind: "stop"; readonly turnId: string }
  /** What the person thinks of an answer. */
  | { readonly kind: "like" | "unlike"; readonly turnId: string }
  /** Asks a suggested question, or replies with one of the options; `index` counts in the turn's offers. */
  | { readonly kind: "ask" | "pick"; readonly turnId: string; readonly index: number }
  /** Goes on in a former conversation; asks whether to delete it; deletes it. */
  | { readonly kind: "switch" | "drop" | "drop-sure"; readonly conversationId: string }
  /** Deletes everything of a person. */
  | { readonly kind: "forget"; readonly personId: string };

/** Actions on one turn, which belong to whoever asked its question. */
export type TurnAction = Extract<Action, { readonly turnId: string }>;

/** A value of at most 64 bytes, as Telegram allows; what it stands for is in the store. */
export function actionValue(action: Action): string {
  const { kind, ...ids } = action;
  return [kind, ...Object.values(ids)].join(":");
}

/** Nothing for a button that this version doesn't know. */
export function readAction(value: string): Action | undefined {
  const [kind = "", id, index] = value.split(":");
  if (!id) return undefined;
  switch (kind) {
    case "retry":
    case "again":
    case "stop":
    case "like":
    case "unlike":
      return { kind, turnId: id };
    case "ask":
    case "pick":
      return index !== undefined && /^\d+$/.test(index) ? { kind, turnId: id, index: Number(index) } : undefined;
    case "switch":
    case "drop":
    case "drop-sure":
      return { kind, conversationId: id };
    case "forget":
      return { kind, personId: id };
    default:
      return undefined;
  }
}
