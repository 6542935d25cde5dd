/** Unicode's raised form of `text`, or `undefined` when one of its characters has none. */
export function toSuperscript(text: string): string | undefined {
  return mapped(text, superscripts);
}

/** Unicode's lowered form of `text`, or `undefined` when one of its characters has none. */
export function toSubscript(text: string): string | undefined {
  return mapped(text, subscripts);
}

function mapped(text: string, characters: ReadonlyMap<string, string>): string | undefined {
  let result = "";
  for (const character of text) {
    const script = characters.get(character);
    if (script === undefined) return undefined;
    result += script;
  }
  return result;
}

const superscripts = table(
  "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ′°",
  "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ′°",
);
const subscripts = table("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ");

function table(from: string, to: string): ReadonlyMap<string, string> {
  const scripts = [...to];
  return new Map([...from].map((character, i) => [character, scripts[i] ?? character]));
}
