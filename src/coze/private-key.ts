import { createPrivateKey, type KeyObject } from "node:crypto";

/** Coze's OAuth apps sign with RS256, for which RFC 7518 asks for this much. */
const SHORTEST_MODULUS_BITS = 2048;

/**
 * Reads an RSA private key in PEM, PKCS#1 (`BEGIN RSA PRIVATE KEY`) or PKCS#8 (`BEGIN PRIVATE KEY`). Line breaks may be
 * real, written as `\n`, or blanks; quotes around the whole are dropped, as environment files leave them. Throws an
 * `Error` whose message says in one sentence what is wrong, and never holds a part of the key.
 */
export function parsePrivateKey(text: string): KeyObject {
  const key = importKey(readBlock(withRealNewlines(text)));
  if (key.asymmetricKeyType !== "rsa") {
    throw new Error(`The key is of the type ${key.asymmetricKeyType ?? "unknown"}; Coze needs an RSA key.`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < SHORTEST_MODULUS_BITS) {
    throw new Error(`The RSA key has ${bits} bits; at least ${SHORTEST_MODULUS_BITS} are needed.`);
  }
  return key;
}

interface PemBlock {
  readonly label: string;
  readonly body: string;
}

function withRealNewlines(text: string): string {
  return text
    .replace(/\\+r/g, "")
    .replace(/\\+n/g, "\n")
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}

function readBlock(text: string): PemBlock {
  if (text === "") throw new Error("The key is empty.");
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map((match) => match[1] ?? "");
  const label = labels.find((one) => one.endsWith("PRIVATE KEY")) ?? labels[0];
  if (label === undefined) throw new Error('There is no line "-----BEGIN PRIVATE KEY-----", so this is not a PEM key.');
  const body = new RegExp(`-----BEGIN ${label}-----(.*?)-----END ${label}-----`, "s").exec(text)?.[1];
  refuseOtherKinds(label, text);
  if (body === undefined) throw new Error(`The key is cut off: its line "-----END ${label}-----" is missing.`);
  return { label, body };
}

function refuseOtherKinds(label: string, text: string): void {
  if (label === "ENCRYPTED PRIVATE KEY" || /Proc-Type:.*ENCRYPTED/.test(text)) {
    throw new Error("The key is encrypted with a passphrase; an unencrypted one is needed.");
  }
  if (label === "OPENSSH PRIVATE KEY") {
    throw new Error("The key is in OpenSSH's format; PEM is needed (PKCS#1 or PKCS#8).");
  }
  if (!label.endsWith("PRIVATE KEY")) {
    const kind = label.endsWith("PUBLIC KEY") ? "a public key" : `a ${label.toLowerCase()}`;
    throw new Error(`This is ${kind}; the private key is needed.`);
  }
  if (label !== "PRIVATE KEY" && label !== "RSA PRIVATE KEY") {
    throw new Error(`This is of the type ${label.replace(" PRIVATE KEY", "")}; Coze needs an RSA key.`);
  }
}

function importKey({ label, body }: PemBlock): KeyObject {
  const lines = body.replace(/\s+/g, "").match(/.{1,64}/g) ?? [];
  const pem = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's own words ("DECODER routines::unsupported") would help nobody.
    throw new Error("The key is damaged or incomplete: what stands between its first and last line can't be read.");
  }
}
