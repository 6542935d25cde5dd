/** `text` with HTML's character references as the characters they stand for; unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,31}));/g, (reference, ...found) => {
    const [decimal, hexadecimal, name] = found as (string | undefined)[];
    if (name !== undefined) return named.get(name) ?? reference;
    return characterOf(decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number.parseInt(decimal, 10));
  });
}

function characterOf(code: number): string {
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}

/** The references that people and models write, of the more than two thousand that HTML has. */
const named: ReadonlyMap<string, string> = new Map([
  ...pairs("amp & lt < gt > quot \" apos ' copy © reg ® trade ™ hellip … mdash — ndash – lsquo ‘ rsquo ’ sbquo ‚"),
  ...pairs("ldquo “ rdquo ” bdquo „ laquo « raquo » lsaquo ‹ rsaquo › bull • middot · times × divide ÷ plusmn ±"),
  ...pairs("deg ° para ¶ sect § euro € pound £ yen ¥ cent ¢ curren ¤ dagger † Dagger ‡ permil ‰ micro µ check ✓"),
  ...pairs("larr ← uarr ↑ rarr → darr ↓ harr ↔ lArr ⇐ rArr ⇒ hArr ⇔ infin ∞ ne ≠ le ≤ ge ≥ asymp ≈ equiv ≡"),
  ...pairs("sum ∑ prod ∏ radic √ int ∫ part ∂ nabla ∇ isin ∈ notin ∉ ni ∋ forall ∀ exist ∃ empty ∅ cap ∩ cup ∪"),
  ...pairs("sub ⊂ sup ⊃ sube ⊆ supe ⊇ and ∧ or ∨ not ¬ there4 ∴ prop ∝ ang ∠ perp ⊥ minus − lowast ∗ sdot ⋅"),
  ...pairs("frac12 ½ frac14 ¼ frac34 ¾ sup1 ¹ sup2 ² sup3 ³ ordf ª ordm º iexcl ¡ iquest ¿ szlig ß prime ′ Prime ″"),
  ...pairs("alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ"),
  ...pairs("pi π rho ρ sigma σ sigmaf ς tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ"),
  ...pairs("Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω hearts ♥ spades ♠ clubs ♣ diams ♦ star ☆ starf ★ loz ◊"),
  ...pairs("auml ä ouml ö uuml ü Auml Ä Ouml Ö Uuml Ü agrave à aacute á acirc â atilde ã aring å aelig æ ccedil ç"),
  ...pairs("egrave è eacute é ecirc ê euml ë igrave ì iacute í icirc î iuml ï ntilde ñ ograve ò oacute ó ocirc ô"),
  ...pairs("otilde õ oslash ø ugrave ù uacute ú ucirc û yacute ý Eacute É Ccedil Ç Ntilde Ñ Oslash Ø Aring Å AElig Æ"),
  ...pairs("lbrack [ rbrack ] lbrace { rbrace } vert | ast * lowbar _ grave ` num # percnt % dollar $ bsol \\ sol /"),
  ["nbsp", "\u00a0"],
  ["ensp", "\u2002"],
  ["emsp", "\u2003"],
  ["thinsp", "\u2009"],
  ["shy", "\u00ad"],
  ["zwnj", "\u200c"],
  ["zwj", "\u200d"],
]);

function pairs(list: string): [string, string][] {
  const words = list.split(" ");
  return words.flatMap((name, i) => (i % 2 === 0 ? [[name, words[i + 1] ?? ""] as [string, string]] : []));
}
