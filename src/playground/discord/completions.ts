import type { RegisteredCommand } from "./commands.ts";
import type { Interaction } from "./interactions.ts";
import { FormErrors, refuseField } from "./refusals.ts";

/** One of the values that Discord offers to a person who types a command. */
export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** Discord docs, autocomplete and choice structure. */
const maxChoices = 25;
const maxLength = 100;

/** The interaction's data while a person types the first option. */
export function typedData(command: RegisteredCommand, typed: string): object {
  const [option] = command.options;
  if (!option?.autocomplete) throw new Error(`/${command.name} offers no choices.`);
  const options = [{ name: option.name, type: option.type, value: typed, focused: true }];
  return { id: command.id, name: command.name, type: 1, options };
}

/** Takes the bot's answer to what a person typed, type 8. */
export function takeChoices(interaction: Interaction, fields: Readonly<Record<string, unknown>>): void {
  if (fields.type !== 8) throw refuseField(["type"], "BASE_TYPE_CHOICES", "Value must be one of (8).");
  const { choices } = (fields.data ?? {}) as { readonly choices?: unknown };
  const list = Array.isArray(choices) ? (choices as readonly Partial<Choice>[]) : [];
  const errors = new FormErrors();
  const path = ["data", "choices"];
  if (list.length > maxChoices) {
    errors.add(path, "BASE_TYPE_BAD_LENGTH", `Must be between 0 and ${maxChoices} in length.`);
  }
  for (const [index, choice] of list.entries()) {
    for (const field of ["name", "value"] as const) {
      const length = [...String(choice[field] ?? "")].length;
      if (length >= 1 && length <= maxLength) continue;
      errors.add([...path, index, field], "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${maxLength} in length.`);
    }
  }
  errors.throwIfAny();
  interaction.state = "acknowledged";
  interaction.onChoices?.(list.map(({ name = "", value = "" }) => ({ name, value })));
}
