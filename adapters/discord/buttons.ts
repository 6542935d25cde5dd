import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIMessage,
  ButtonStyle,
  ComponentType,
} from "discord.js";
import type { Button, Buttons } from "../../src/adapter.ts";

/** What a message takes at most. https://docs.discord.com/developers/components/reference#action-row */
const MAX_ROWS = 5;
const MAX_BUTTONS = 5;
const MAX_LABEL = 80;

export type ButtonRow = APIActionRowComponent<APIButtonComponentWithCustomId>;

/** Buttons as Discord takes them. A row that is too long goes on in the next one. */
export function buttonRows(buttons: Buttons = []): ButtonRow[] {
  const rows = buttons.flatMap(chunks).slice(0, MAX_ROWS);
  return rows.map((row) => ({ type: ComponentType.ActionRow, components: row.map(toComponent) }));
}

/** Whether a message has these buttons and no others. */
export function hasButtons(message: Partial<APIMessage>, rows: readonly ButtonRow[]): boolean {
  return valuesIn(message.components) === valuesIn(rows);
}

function chunks(row: readonly Button[]): Button[][] {
  const count = Math.ceil(row.length / MAX_BUTTONS);
  return Array.from({ length: count }, (_, index) => row.slice(index * MAX_BUTTONS, (index + 1) * MAX_BUTTONS));
}

function toComponent({ label, value }: Button): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: [...label].slice(0, MAX_LABEL).join(""),
    custom_id: value,
  };
}

function valuesIn(rows: readonly object[] = []): string {
  const values = rows.map((row) => {
    const { components = [] } = row as { components?: readonly { custom_id?: string }[] };
    return components.map(({ custom_id }) => custom_id);
  });
  return JSON.stringify(values);
}
