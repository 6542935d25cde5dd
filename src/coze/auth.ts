import type { Connection } from "./connection.ts";
import type { OAuthApp } from "./jwt.ts";
import type { RetryLogger } from "./retry.ts";
import { singleFlight } from "./single-flight.ts";
import { type AccessToken, exchangeToken } from "./token-exchange.ts";

/** Where access tokens come from. */
export interface TokenSource {
  /** A token that acts for this session. Throws a `CozeError`, or the reason of `signal`. */
  token(sessionName: string, signal: AbortSignal): Promise<string>;
  /** Forgets `token`, which Coze refused; another one that this session has got since stays. */
  drop(sessionName: string, token: string): void;
}

export interface JwtTokenOptions extends Connection {
  readonly app: OAuthApp;
  /** How long a token is asked to live. Default 900, Coze's own; at most 86,399. */
  readonly durationSeconds?: number;
  /** How many sessions keep a token; those unused for longest lose theirs first. Default 10,000. */
  readonly maxSessions?: number;
  readonly logger?: RetryLogger;
}

/** One token for every session (PAT or SAT). Coze then can't keep their conversations apart. */
export function createFixedToken(token: string): TokenSource {
  return { token: async () => token, drop: () => undefined };
}

/** A token that a call is begun with must outlive the call's way to Coze, also when clocks differ a little. */
const EXPIRY_MARGIN_MS = 60_000;

/** A token of its own for each session, exchanged for a JWT and kept until shortly before it expires. */
export function createJwtTokens(options: JwtTokenOptions): TokenSource {
  const { app, durationSeconds = 900, maxSessions = 10_000, logger, ...connection } = options;
  /** The session used last comes last. */
  const kept = new Map<string, AccessToken>();

  function keep(sessionName: string, token: AccessToken): void {
    kept.delete(sessionName);
    kept.set(sessionName, token);
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size > maxSessions) kept.delete(oldest);
  }

  const renew = singleFlight(async (sessionName, signal) => {
    const token = await exchangeToken({ connection, app, durationSeconds, logger }, sessionName, signal);
    keep(sessionName, token);
    return token;
  });

  return {
    async token(sessionName, signal) {
      signal.throwIfAborted();
      const known = kept.get(sessionName);
      if (!known || known.expiresAt - EXPIRY_MARGIN_MS <= connection.clock.now()) {
        return (await renew(sessionName, signal)).value;
      }
      keep(sessionName, known);
      return known.value;
    },
    drop(sessionName, token) {
      if (kept.get(sessionName)?.value === token) kept.delete(sessionName);
    },
  };
}
