/** What the buttons below the bridge's messages bring back ({@link Button.value} of adapter.ts). */
export type Action = { readonly kind: "retry"; readonly turnId: string };

/** Asks the question of a turn once more. */
export function retryAction(turnId: string): string {
  return `retry:${turnId}`;
}

/** Nothing for a button that this version doesn't know. */
export function readAction(value: string): Action | undefined {
  const [kind, turnId] = value.split(":");
  return kind === "retry" && turnId ? { kind, turnId } : undefined;
}
