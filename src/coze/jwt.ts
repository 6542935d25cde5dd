import { type KeyObject, randomBytes } from "node:crypto";
import { SignJWT } from "jose";

/** An OAuth app of the type JWT, as its page on Coze shows it. */
export interface OAuthApp {
  /** The app's id. */
  readonly clientId: string;
  /** The fingerprint of the public key. */
  readonly publicKeyId: string;
  readonly privateKey: KeyObject;
}

export interface JwtClaims {
  /** Host of the API, with its port when it has one, without a scheme. */
  readonly audience: string;
  /** Whom the token will act for. This claim is the only place where Coze takes it. */
  readonly sessionName: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** It is used once and at once; this leaves room for clocks that differ. */
const LIFETIME_SECONDS = 300;

/** A JWT for one token exchange (Coze docs oauth_jwt). Coze accepts each only once, so every exchange needs its own. */
export function signJwt(app: OAuthApp, { audience, sessionName, now }: JwtClaims): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const payload = {
    iss: app.clientId,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    jti: randomBytes(32).toString("hex"),
    session_name: sessionName,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: app.publicKeyId })
    .sign(app.privateKey);
}
