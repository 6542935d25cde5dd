/** Commands for a letter or sign that stands close to its neighbours. */
export const signs: ReadonlyMap<string, string> = pairs(`
  alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
  nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
  Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
  infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ neg ¬ lnot ¬ angle ∠ triangle △
  hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ wp ℘ imath ı jmath ȷ prime ′ degree ° circ ° dagger † ddagger ‡ top ⊤ bot ⊥
  ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ star ⋆ bullet • square □ Box □ blacksquare ■ checkmark ✓
  langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrace { rbrace } lbrack [ rbrack ] vert | lvert | rvert |
  Vert ‖ lVert ‖ rVert ‖ backslash \\ surd √ complement ∁ flat ♭ sharp ♯ natural ♮ clubsuit ♣ diamondsuit ♢
  heartsuit ♡ spadesuit ♠ pounds £ euro € copyright © S § P ¶ AA Å ss ß therefore ∴ because ∵ measuredangle ∡ eth ð
`);

/** Relations, operators and arrows, which stand between spaces. */
export const operators: ReadonlyMap<string, string> = pairs(`
  le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝
  lt < gt > doteq ≐ prec ≺ succ ≻ preceq ⪯ succeq ⪰ parallel ∥ nparallel ∦ perp ⊥ mid ∣ nmid ∤ asymp ≍ models ⊨
  in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ nsubseteq ⊈ cup ∪ cap ∩ setminus ∖ sqcup ⊔
  sqcap ⊓ uplus ⊎ times × cdot · div ÷ pm ± mp ∓ ast ∗ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ wedge ∧ land ∧
  vee ∨ lor ∨ triangleq ≜ coloneqq ≔ vdash ⊢ dashv ⊣ bowtie ⋈ lesssim ≲ gtrsim ≳ amalg ⨿ wr ≀ ltimes ⋉ rtimes ⋊
  to → rightarrow → leftarrow ← gets ← Rightarrow ⇒ Leftarrow ⇐ leftrightarrow ↔ Leftrightarrow ⇔ iff ⟺ implies ⟹
  impliedby ⟸ longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ Longleftarrow ⟸ longleftrightarrow ⟷
  Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼ uparrow ↑ downarrow ↓ Uparrow ⇑ Downarrow ⇓ updownarrow ↕ nearrow ↗
  searrow ↘ swarrow ↙ nwarrow ↖ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ leftharpoonup ↼ leadsto ⇝
  rightleftharpoons ⇌ leftrightharpoons ⇋ upharpoonright ↾ colon : bmod mod
`);

/** Operators that take limits; a space parts them from what they work on. */
export const largeOperators: ReadonlyMap<string, string> = pairs(`
  sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ oiint ∯ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
  bigsqcup ⨆
`);

/** Functions that are written upright, by their own names. */
export const functions: ReadonlySet<string> = new Set(
  (
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim limsup liminf max min sup inf " +
    "det dim ker deg gcd lcm arg hom Pr mod sgn tr rank span diag Var Cov argmax argmin"
  ).split(" "),
);

/** The combining character that a command puts on its argument. */
export const accents: ReadonlyMap<string, string> = new Map([
  ["hat", "\u0302"],
  ["widehat", "\u0302"],
  ["bar", "\u0304"],
  ["vec", "\u20d7"],
  ["overrightarrow", "\u20d7"],
  ["overleftarrow", "\u20d6"],
  ["dot", "\u0307"],
  ["ddot", "\u0308"],
  ["dddot", "\u20db"],
  ["tilde", "\u0303"],
  ["widetilde", "\u0303"],
  ["check", "\u030c"],
  ["breve", "\u0306"],
  ["acute", "\u0301"],
  ["grave", "\u0300"],
  ["mathring", "\u030a"],
]);

/** The combining character that a command puts on each character of its argument. */
export const strokes: ReadonlyMap<string, string> = new Map([
  ["overline", "\u0305"],
  ["underline", "\u0332"],
  ["cancel", "\u0336"],
]);

/** Commands of one sign, and spaces. */
export const shortCommands: ReadonlyMap<string, string> = new Map([
  [",", " "],
  [";", " "],
  [":", " "],
  [" ", " "],
  ["\n", " "],
  [">", " "],
  ["!", ""],
  ["quad", "\u2003"],
  ["qquad", "\u2003\u2003"],
  ["|", "‖"],
  ...[..."{}%$#&_"].map((character): [string, string] => [character, character]),
]);

/** Their argument is text and not mathematics. */
export const uprights: ReadonlySet<string> = new Set(
  "text textrm textbf textit textsf texttt textnormal mbox hbox mathrm mathit mathsf mathtt".split(" "),
);

/** They change the look of their argument only. */
export const transparent: ReadonlySet<string> = new Set(
  "boldsymbol bm pmb boxed overbrace underbrace smash substack ensuremath mathop mathbin mathrel".split(" "),
);

/** They say how to set what follows. */
export const ignored: ReadonlySet<string> = new Set(
  (
    "displaystyle textstyle scriptstyle limits nolimits nonumber notag big Big bigg Bigg bigl bigr Bigl Bigr biggl " +
    "biggr Biggl Biggr bigm Bigm hline allowbreak centering it rm bf cal"
  ).split(" "),
);

/** They and their argument show nothing that a line of text could. */
export const dropped: ReadonlySet<string> = new Set([
  "label",
  "hspace",
  "vspace",
  "phantom",
  "color",
  "hspace*",
  "vphantom",
]);

/** Letters in one of Unicode's mathematical alphabets; what has none stays as it is. */
export function inAlphabet(command: string, text: string): string {
  const alphabet = alphabets.get(command);
  if (!alphabet) return text;
  return Array.from(text, (letter) => alphabet.exceptions.get(letter) ?? shifted(letter, alphabet)).join("");
}

interface Alphabet {
  /** Code points of the letters `A` and `a`, and of the digit zero where there are digits. */
  readonly upper: number;
  readonly lower: number;
  readonly zero?: number;
  /** Letters that Unicode had before it got the alphabet. */
  readonly exceptions: ReadonlyMap<string, string>;
}

const script: Alphabet = {
  upper: 0x1d49c,
  lower: 0x1d4b6,
  exceptions: pairs("B ℬ E ℰ F ℱ H ℋ I ℐ L ℒ M ℳ R ℛ e ℯ g ℊ o ℴ"),
};

const alphabets: ReadonlyMap<string, Alphabet> = new Map<string, Alphabet>([
  ["mathbb", { upper: 0x1d538, lower: 0x1d552, zero: 0x1d7d8, exceptions: pairs("C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ") }],
  ["mathfrak", { upper: 0x1d504, lower: 0x1d51e, exceptions: pairs("C ℭ H ℌ I ℑ R ℜ Z ℨ") }],
  ["mathcal", script],
  ["mathscr", script],
]);

function shifted(letter: string, { upper, lower, zero }: Alphabet): string {
  const code = letter.charCodeAt(0);
  if (letter >= "A" && letter <= "Z") return String.fromCodePoint(upper + code - 0x41);
  if (letter >= "a" && letter <= "z") return String.fromCodePoint(lower + code - 0x61);
  return zero !== undefined && letter >= "0" && letter <= "9" ? String.fromCodePoint(zero + code - 0x30) : letter;
}

function pairs(list: string): ReadonlyMap<string, string> {
  const words = list.trim().split(/\s+/);
  return new Map(words.flatMap((name, i) => (i % 2 === 0 ? [[name, words[i + 1] ?? ""] as const] : [])));
}
