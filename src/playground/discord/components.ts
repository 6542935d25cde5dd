import type { APIMessageTopLevelComponent } from "discord-api-types/v10";
import type { FormErrors } from "./refusals.ts";

/** A button that sends an interaction; one with a link sends none. */
export interface Button {
  readonly type: typeof buttonType;
  readonly label?: string;
  readonly custom_id: string;
  readonly disabled?: boolean;
}

interface Component {
  readonly type: number;
  readonly label?: string;
  readonly custom_id?: string;
  readonly disabled?: boolean;
  readonly components?: readonly Component[];
  readonly accessory?: Component;
}

type Path = readonly (string | number)[];

const rowType = 1;
const buttonType = 2;
/** Discord docs, component reference. */
const maxRows = 5;
const maxButtons = 5;
const maxLabel = 80;
const maxCustomId = 100;

/** Notes what is wrong with a message's rows of buttons. Other kinds of components are taken as they are. */
export function checkComponents(value: unknown, path: Path, errors: FormErrors): void {
  const rows = listOf(value);
  if (rows.length > maxRows) {
    errors.add(path, "BASE_TYPE_BAD_LENGTH", `Must be between 0 and ${maxRows} in length.`);
  }
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (row.type !== rowType) continue;
    const place = [...path, index, "components"];
    const length = row.components?.length ?? 0;
    if (length < 1 || length > maxButtons) {
      errors.add(place, "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${maxButtons} in length.`);
    }
    for (const [at, component] of listOf(row.components).entries()) {
      checkComponent(component, [...place, at], seen, errors);
    }
  }
}

function checkComponent(component: Component, path: Path, seen: Set<string>, errors: FormErrors): void {
  const { label, custom_id: id } = component;
  if (label !== undefined && [...label].length > maxLabel) {
    errors.add([...path, "label"], "BASE_TYPE_BAD_LENGTH", `Must be between 0 and ${maxLabel} in length.`);
  }
  if (id === undefined) return;
  if (id.length < 1 || id.length > maxCustomId) {
    errors.add([...path, "custom_id"], "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${maxCustomId} in length.`);
  }
  if (seen.has(id)) {
    errors.add([...path, "custom_id"], "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
  }
  seen.add(id);
}

/** The labels of the buttons that can be pressed, row by row. */
export function buttonLabels(components: readonly APIMessageTopLevelComponent[]): readonly (readonly string[])[] {
  const rows = listOf(components).map((row) => buttonsIn([row]).map(({ label = "" }) => label));
  return rows.filter((row) => row.length > 0);
}

/** The button with this label, if it can be pressed. */
export function findButton(components: readonly APIMessageTopLevelComponent[], label: string): Button | undefined {
  return buttonsIn(listOf(components)).find((button) => button.label === label);
}

function buttonsIn(list: readonly Component[]): Button[] {
  return list.flatMap((component) => [
    ...(isButton(component) ? [component] : []),
    ...buttonsIn(component.components ?? []),
    ...buttonsIn(component.accessory ? [component.accessory] : []),
  ]);
}

function isButton(component: Component): component is Button {
  return component.type === buttonType && component.custom_id !== undefined && !component.disabled;
}

function listOf(value: unknown): readonly Component[] {
  return Array.isArray(value) ? value : [];
}
