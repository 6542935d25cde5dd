import { describe, expect, it } from "vitest";
import { latexToUnicode } from "../../../src/markdown/latex.ts";

describe("LaTeX in one line of Unicode", () => {
  it.each<[string, string]>([
    ["E = mc^2", "E = mc²"],
    ["a_1+b_{n+1}", "a₁ + bₙ₊₁"],
    ["x_{i,j}", "x_(i,j)"],
    ["x^Q y_Q", "x^Q y_Q"],
    ["e^{i\\pi} + 1 = 0", "e^(iπ) + 1 = 0"],
    ["x_{max}^2", "xₘₐₓ²"],
    ["-x + -y", "-x + -y"],
    ["30^\\circ", "30°"],
    ["f'(x) = f''", "f′(x) = f′′"],
    ["A^T A^{-1} a^*", "Aᵀ A⁻¹ a*"],
    ["\\frac{1}{2}mv^2", "½mv²"],
    ["\\frac{a}{b}", "a/b"],
    ["\\frac{a+b}{2a}", "(a + b)/(2a)"],
    ["\\frac{n(n+1)}{2}", "n(n + 1)/2"],
    ["\\frac{dy}{dx}", "dy/dx"],
    ["2\\frac{a}{b}c", "2(a/b)c"],
    ["\\frac{\\frac{a}{b}}{c}", "(a/b)/c"],
    ["x = \\frac{-b \\pm \\sqrt{b^2-4ac}}{2a}", "x = (-b ± √(b² - 4ac))/(2a)"],
    ["\\sqrt{2} \\sqrt[3]{x} \\sqrt[n]{a+b}", "√2 ∛x ⁿ√(a + b)"],
    ["\\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"],
    ["\\int_0^\\infty e^{-x}\\,dx", "∫₀^∞ e⁻ˣ dx"],
    ["\\lim_{x \\to 0} \\frac{\\sin x}{x}", "lim_(x→0) (sin x)/x"],
    ["2\\sin\\theta\\cos\\theta", "2 sin θ cos θ"],
    ["O(n \\log n), \\log_2 n", "O(n log n), log₂ n"],
    ["\\alpha\\beta \\Gamma \\varepsilon", "αβΓε"],
    ["a\\le b\\neq c\\times d", "a ≤ b ≠ c × d"],
    ["A \\to B \\Rightarrow C", "A → B ⇒ C"],
    ["x \\in A \\cup B, \\emptyset \\subseteq \\mathbb{R}^n", "x ∈ A ∪ B, ∅ ⊆ ℝⁿ"],
    ["\\mathcal{L}(\\mathfrak{g}) \\mathbb{E}", "ℒ(𝔤) 𝔼"],
    ["\\forall x \\exists y", "∀x ∃y"],
    ["\\hat{x} \\bar y \\vec{v} \\dot{q}", "x̂ ȳ v⃗ q̇"],
    ["\\overline{AB}", "A̅B̅"],
    ["\\text{if } x > 0 \\text{ and more}", "if x > 0 and more"],
    ["v = \\frac{\\text{distance}}{\\text{time}}", "v = distance/time"],
    ["\\mathrm{kg} \\operatorname{argmax} f", "kg argmax f"],
    ["\\left( \\frac{a}{b} \\right)^2 \\big| x \\big|", "(a/b)² | x |"],
    ["\\left\\{ x \\mid x > 0 \\right\\}", "{x ∣ x > 0}"],
    ["\\binom{n}{k} \\pmod{p}", "C(n, k) (mod p)"],
    ["a \\equiv b \\bmod n", "a ≡ b mod n"],
    ["x \\not\\in A", "x ∉ A"],
    ["\\overset{!}{=} \\underset{x}{\\max}", "=^! maxₓ"],
    ["\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "(a, b; c, d)"],
    ["\\begin{cases} 1 & x > 0 \\\\ 0 & x \\le 0 \\end{cases}", "{1, x > 0; 0, x ≤ 0"],
    ["100\\% \\$5 a\\_b", "100% $5 a_b"],
    ["\\ce{2H2 + O2 -> 2H2O}", "2H₂ + O₂ → 2H₂O"],
    ["a \\quad b", "a \u2003 b"],
  ])("%s", (source, text) => expect(latexToUnicode(source, false)).toBe(text));
});

describe("LaTeX with lines of its own", () => {
  it.each<[string, string]>([
    ["\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", "a = b\n= c"],
    ["A = \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}", "A =\n[1\u20032]\n[3\u20034]"],
    ["f = \\begin{cases} x, & x > 0 \\\\ -x \\end{cases}", "f =\n⎧ x, x > 0\n⎩ -x"],
    ["\\begin{vmatrix} a \\end{vmatrix} = \\begin{vmatrix} b \\end{vmatrix}", "|a| = |b|"],
    ["a \\\\ b", "a\nb"],
  ])("%s", (source, text) => expect(latexToUnicode(source, true)).toBe(text));
});

describe("LaTeX that has no such form", () => {
  it.each([
    "\\unknown{x}",
    "\\begin{tikzpicture} x \\end{tikzpicture}",
    "\\frac{a}{",
    "\\frac{a}",
    "a}",
    "x^",
    "\\left",
    "\\begin{matrix} a",
    "\\begin{matrix} a \\end{pmatrix}",
    "\\sqrt[3",
    "\\",
    "{".repeat(5000),
    "x^{".repeat(1000),
    "\\frac".repeat(600),
    "x".repeat(5000),
    "",
  ])("%s", (source) => expect(latexToUnicode(source, true)).toBeUndefined());
});
