import { type ButtonKind, buttonKinds } from "../buttons/offers.ts";
import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";
import { readList } from "./values.ts";

/** Which buttons people get: all of them, unless BUTTONS names some, or `none`. */
export function readButtons(settings: Settings): ReadonlySet<ButtonKind> {
  const names = readList(settings, "BUTTONS");
  if (names.length === 0) return new Set(buttonKinds);
  if (names.length === 1 && names[0] === "none") return new Set();
  const chosen = new Set<ButtonKind>();
  for (const name of names) {
    const kind = buttonKinds.find((known) => known === name);
    if (kind) chosen.add(kind);
    else
      settings.refuse(
        "BUTTONS",
        `${quote(name)} is no kind of button.`,
        `Use none, or some of ${buttonKinds.join(", ")}.`,
      );
  }
  return chosen;
}
