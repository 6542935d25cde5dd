const hidden = "[redacted]";

/** What a secret looks like, and what is put in its place. Each must hold inside a JSON string too, where `\n` is two characters. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // A key whose end was cut off is still a key.
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\w+/=:,.\s]|\\+[nr]|-(?!----))*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g,
    hidden,
  ],
  // Bot API: https://api.telegram.org/bot<token>/method, the token also alone.
  [/(\/bot)\d+(?::|%3A)[^/\s"'\\]+/gi, `$1${hidden}`],
  [/\b\d{5,}(?::|%3A)[\w-]{20,}/gi, hidden],
  [/\b(Bearer|Bot)(\s+)[\w.~+/=-]{8,}/g, `$1$2${hidden}`],
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, hidden],
  // Coze: personal, service, OAuth JWT and user tokens, and those of accounts at Volcano Engine.
  [/\b(?:pat|sat|czs|czu|cztei)_[\w-]{8,}/g, hidden],
  // Discord: base64 of the bot's id, time, signature; then the tokens of interactions and webhooks in URLs.
  [/\b[\w-]{18,}\.[\w-]{6}\.[\w-]{25,}/g, hidden],
  [/(\/(?:interactions|webhooks)\/\d+\/)[\w-]{20,}/g, `$1${hidden}`],
];

/** `text` without anything that looks like a token, a JWT or a private key. */
export function redact(text: string): string {
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
