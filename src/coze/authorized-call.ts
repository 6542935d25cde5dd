import type { TokenSource } from "./auth.ts";
import type { Connection } from "./connection.ts";
import { CozeError } from "./errors.ts";
import { createPersistence, type RetryLogger, retriesForCall } from "./retry.ts";

export interface CallOptions {
  readonly connection: Connection;
  readonly tokens: TokenSource;
  readonly logger?: RetryLogger | undefined;
  /** How often a failed attempt may be repeated. Default: as for calls that twice have the effect of once. */
  readonly retriesFor?: (error: CozeError) => number;
}

/** Runs one call to Coze for a session: `attempt` is given a token, and is repeated where its errors allow. */
export type AuthorizedCall = <T>(
  sessionName: string,
  signal: AbortSignal,
  attempt: (token: string) => Promise<T>,
) => Promise<T>;

/** When Coze refuses the token, the call is made once more with a new one, if the source has a new one. */
export function createAuthorizedCall(options: CallOptions): AuthorizedCall {
  const { connection, tokens, logger, retriesFor = retriesForCall } = options;
  const { clock, observer } = connection;
  return async (sessionName, signal, attempt) => {
    const persist = createPersistence({ clock, signal, logger, observer, retriesFor });
    const token = await tokens.token(sessionName, signal);
    try {
      return await persist(() => attempt(token));
    } catch (error) {
      if (!(error instanceof CozeError) || error.kind !== "authentication") throw error;
      tokens.drop(sessionName, token);
      const fresh = await tokens.token(sessionName, signal);
      if (fresh === token) throw error;
      return await persist(() => attempt(fresh));
    }
  };
}
