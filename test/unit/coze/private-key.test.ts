import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parsePrivateKey } from "../../../src/coze/private-key.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs8 = String(privateKey.export({ type: "pkcs8", format: "pem" }));
const pkcs1 = String(privateKey.export({ type: "pkcs1", format: "pem" }));
const passphrase = { cipher: "aes-256-cbc", passphrase: "horse" };
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;

describe("reads the same key from", () => {
  test.each([
    ["PKCS#8", pkcs8],
    ["PKCS#1", pkcs1],
    ["literal \\n", pkcs8.replaceAll("\n", "\\n")],
    ["literal \\r\\n", pkcs1.replaceAll("\n", "\\r\\n")],
    ["doubly escaped \\n", pkcs8.replaceAll("\n", "\\\\n")],
    ["CRLF", pkcs8.replaceAll("\n", "\r\n")],
    ["one line, blanks for line breaks", pkcs1.replaceAll("\n", " ")],
    ["double quotes and blanks around it", ` "${pkcs8.replaceAll("\n", "\\n")}" \n`],
    ["single quotes around it", `'${pkcs1}'`],
    ["a file that begins with the public key", `${publicKey.export({ type: "spki", format: "pem" })}\n${pkcs8}`],
  ])("%s", (_, text) => {
    expect(parsePrivateKey(text).equals(privateKey)).toBe(true);
  });
});

describe("explains", () => {
  test.each([
    ["nothing", "  ", "The key is empty."],
    ["no PEM", "c2VjcmV0", 'There is no line "-----BEGIN PRIVATE KEY-----", so this is not a PEM key.'],
    [
      "a public key",
      publicKey.export({ type: "spki", format: "pem" }),
      "This is a public key; the private key is needed.",
    ],
    [
      "a PKCS#1 public key",
      publicKey.export({ type: "pkcs1", format: "pem" }),
      "This is a public key; the private key is needed.",
    ],
    [
      "a certificate",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      "This is a certificate; the private key is needed.",
    ],
    [
      "an encrypted PKCS#8 key",
      privateKey.export({ type: "pkcs8", format: "pem", ...passphrase }),
      "The key is encrypted with a passphrase; an unencrypted one is needed.",
    ],
    [
      "an encrypted PKCS#1 key",
      privateKey.export({ type: "pkcs1", format: "pem", ...passphrase }),
      "The key is encrypted with a passphrase; an unencrypted one is needed.",
    ],
    [
      "an OpenSSH key",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----",
      "The key is in OpenSSH's format; PEM is needed (PKCS#1 or PKCS#8).",
    ],
    ["a missing end", pkcs8.slice(0, 800), 'The key is cut off: its line "-----END PRIVATE KEY-----" is missing.'],
    [
      "a missing middle",
      pkcs8.replace(/\n.{64}\n.{64}\n/, "\n"),
      "The key is damaged or incomplete: what stands between its first and last line can't be read.",
    ],
    ["an EC key", ec.export({ type: "sec1", format: "pem" }), "This is of the type EC; Coze needs an RSA key."],
    [
      "an EC key in PKCS#8",
      ec.export({ type: "pkcs8", format: "pem" }),
      "The key is of the type ec; Coze needs an RSA key.",
    ],
    [
      "a short key",
      short.export({ type: "pkcs8", format: "pem" }),
      "The RSA key has 1024 bits; at least 2048 are needed.",
    ],
  ])("%s, without showing any of it", (_, text, message) => {
    const error = errorOf(() => parsePrivateKey(String(text)));
    expect(error.message).toBe(message);
    const shown = inspect(error, { depth: null, showHidden: true });
    const lines = String(text)
      .split("\n")
      .filter((line) => line.length > 16 && !line.includes("-----"));
    for (const line of lines) expect(shown).not.toContain(line);
  });
});

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("Nothing was thrown.");
}
