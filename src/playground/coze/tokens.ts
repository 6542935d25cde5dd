import { randomBytes } from "node:crypto";
import type { Clock } from "../../clock.ts";

/** Who acts. Conversations belong to one identity: the account together with the `session_name` of its token. */
export interface Identity {
  readonly account: string;
  /** Absent for a personal token and for a JWT without `session_name`: the account itself. */
  readonly sessionName?: string;
}

/** The one account that everything in the emulator belongs to. */
export const ACCOUNT = "2478774393251046";

export function isSameIdentity(a: Identity, b: Identity): boolean {
  return a.account === b.account && a.sessionName === b.sessionName;
}

export interface IssuedToken {
  readonly access_token: string;
  /** Despite its name an instant: Unix seconds (Coze docs oauth_jwt). */
  readonly expires_in: number;
}

/** The access tokens that the emulator accepts. */
export class Tokens {
  /** A personal access token of the account; it never expires. */
  readonly personalToken = `pat_${randomText()}`;
  readonly #clock: Clock;
  readonly #issued = new Map<string, { readonly identity: Identity; readonly expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(sessionName: string | undefined, durationSeconds: number): IssuedToken {
    const identity: Identity = { account: ACCOUNT, ...(sessionName ? { sessionName } : {}) };
    const token = `czs_${randomText()}`;
    const expiresAt = Math.floor(this.#clock.now() / 1000) + durationSeconds;
    this.#issued.set(token, { identity, expiresAt });
    return { access_token: token, expires_in: expiresAt };
  }

  /** The identity behind an `Authorization` header, unless it is missing, unknown, revoked or expired. */
  identify(authorization: string | undefined): Identity | undefined {
    const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) return undefined;
    if (token === this.personalToken) return { account: ACCOUNT };
    const issued = this.#issued.get(token);
    return issued && this.#clock.now() < issued.expiresAt * 1000 ? issued.identity : undefined;
  }

  /** From now on no issued token is valid. The personal token stays. */
  revokeIssued(): void {
    this.#issued.clear();
  }
}

function randomText(): string {
  return randomBytes(24).toString("base64url");
}
