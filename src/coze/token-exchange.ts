import { z } from "zod";
import type { BodyReading } from "./body-chunks.ts";
import { type Connection, endpointOf, send } from "./connection.ts";
import type { CozeError, CozeErrorKind } from "./errors.ts";
import { type OAuthApp, signJwt } from "./jwt.ts";
import { foreignAnswer, type Origin, originOf, readJson, refusalError } from "./reply.ts";
import { createPersistence, type RetryLogger } from "./retry.ts";

export interface AccessToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface TokenExchange {
  readonly connection: Connection;
  readonly app: OAuthApp;
  /** How long the token is asked to live, at most 86,399. */
  readonly durationSeconds: number;
  readonly logger?: RetryLogger | undefined;
}

/**
 * Gets an access token for one session (Coze docs oauth_jwt). Failures of the service and of the network are repeated,
 * each time with a new JWT; throws a `CozeError` of the kind `authentication` when the app, the key or the JWT is refused.
 */
export function exchangeToken(exchange: TokenExchange, sessionName: string, signal: AbortSignal): Promise<AccessToken> {
  const { clock, observer } = exchange.connection;
  const persist = createPersistence({ clock, signal, logger: exchange.logger, observer, retriesFor });
  return persist(() => exchangeOnce(exchange, sessionName, signal));
}

const TOKEN_REQUEST = { method: "POST", path: "/api/permission/oauth2/token" } as const;

const Grant = z.object({
  access_token: z.string().min(1),
  // A point in time in Unix seconds, not a duration.
  expires_in: z.number(),
});

/** This endpoint has an error shape of its own, without numbers (coze-go, error.go); a gateway may answer in the usual one. */
const Refused = z.object({
  error_code: z.string().catch(""),
  error_message: z.string().catch(""),
  code: z.coerce.number().catch(0),
  msg: z.string().catch(""),
  detail: z.object({ logid: z.string() }).optional().catch(undefined),
});

async function exchangeOnce(exchange: TokenExchange, sessionName: string, signal: AbortSignal): Promise<AccessToken> {
  const { connection, app, durationSeconds } = exchange;
  const audience = new URL(connection.base).host;
  const jwt = await signJwt(app, { audience, sessionName, now: connection.clock.now() });
  const body = {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    duration_seconds: durationSeconds,
  };
  const response = await send(connection, { ...TOKEN_REQUEST, body }, jwt, signal);
  const origin = originOf(endpointOf(TOKEN_REQUEST), response, jwt);
  const reading: BodyReading = { ...connection, signal };
  const reply = await readJson(response, origin, reading);
  const grant = Grant.safeParse(reply);
  if (response.ok && grant.success) {
    return { value: grant.data.access_token, expiresAt: grant.data.expires_in * 1000 };
  }
  throw refusal(reply, response, origin);
}

function refusal(reply: unknown, response: Response, origin: Origin): CozeError {
  const refused = Refused.safeParse(reply).data;
  if (!refused) return refusalError(origin, { code: 0, message: foreignAnswer(response) }, { kind: kindOf(origin) });
  const { error_code, error_message, code, msg, detail } = refused;
  const message = [error_code, error_message || msg].filter(Boolean).join(": ");
  return refusalError(
    origin,
    { code, message: message || foreignAnswer(response), ...detail },
    { kind: kindOf(origin, error_code, code) },
  );
}

function kindOf({ status }: Origin, errorCode = "", code = 0): CozeErrorKind {
  if (status === 429) return "rate-limited";
  if (status >= 500 || errorCode === "internal_error") return "service";
  // A good status without a token and without a word of refusal.
  if (status < 300 && errorCode === "" && code === 0) return "service";
  if (status >= 300 && status < 400) return "agent-unavailable";
  return "authentication";
}

/** A new JWT makes every repetition a request of its own. */
function retriesFor({ kind }: CozeError): number {
  return kind === "network" || kind === "service" || kind === "rate-limited" ? 3 : 0;
}
