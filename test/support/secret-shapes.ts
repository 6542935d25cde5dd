/** What a secret looks like, in words. Written apart from src/redact.ts, whose mistakes it must not share. */
const shapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a Telegram token", /\d{6,}(:|%3A)[A-Za-z0-9_-]{30}/i],
  ["a Telegram token in an address", /\/bot\d+(:|%3A)/i],
  ["a Discord token", /[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}/],
  ["an interaction's token", /\/(interactions|webhooks)\/\d{17,20}\/[A-Za-z0-9_-]{30}/],
  ["a token of Coze", /(pat|sat|czs|czu|cztei)_[A-Za-z0-9]{12}/],
  ["a JWT", /eyJ[A-Za-z0-9_-]{10}/],
  ["a header with a credential", /(Bearer|Bot) [A-Za-z0-9_.~+/=-]{20}/],
  // PKCS#8 and PKCS#1, both begin with a DER sequence that is longer than 255 bytes.
  ["a private key", /PRIVATE KEY-----(\s|\\+[nr])*[A-Za-z0-9+/]{10}|\bMII[A-Za-z0-9+/]{40}/],
];

/** The first secret that stands in `text`, as words and its first letters. */
export function secretIn(text: string): string | undefined {
  for (const [what, shape] of shapes) {
    const found = shape.exec(text);
    if (found) return `${what} (${found[0].slice(0, 8)}…)`;
  }
  return undefined;
}
