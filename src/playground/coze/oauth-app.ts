import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** The OAuth JWT app of the emulated account, with both halves of its key. */
export interface OAuthApp {
  /** The app's id: the `iss` of its JWTs. */
  readonly clientId: string;
  /** The public key's fingerprint: the `kid` of its JWTs. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** PEM, PKCS#8 (`BEGIN PRIVATE KEY`). */
  readonly privateKey: string;
  /** The same key in PEM, PKCS#1 (`BEGIN RSA PRIVATE KEY`). */
  readonly privateKeyPkcs1: string;
}

/** The app with its key pair. Made once a process: an RSA key takes a noticeable part of a second. */
export function oauthApp(): Promise<OAuthApp> {
  made ??= makeOAuthApp();
  return made;
}

let made: Promise<OAuthApp> | undefined;

async function makeOAuthApp(): Promise<OAuthApp> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const der = publicKey.export({ type: "spki", format: "der" });
  return {
    clientId: "1123456789012",
    keyId: createHash("sha256").update(der).digest("base64url"),
    publicKey,
    privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    privateKeyPkcs1: String(privateKey.export({ type: "pkcs1", format: "pem" })),
  };
}
