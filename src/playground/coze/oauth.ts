import { type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../clock.ts";
import type { ApiRequest, Endpoint, Reply } from "./api.ts";
import type { OAuthApp } from "./oauth-app.ts";
import type { Tokens } from "./tokens.ts";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const DEFAULT_DURATION_SECONDS = 900;
const LONGEST_DURATION_SECONDS = 86_399;
/** How far the client's clock may run ahead. An `iat` beyond it is a mistake, such as milliseconds. */
const CLOCK_SKEW_SECONDS = 600;

export interface TokenEndpointOptions {
  readonly app: OAuthApp;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Host and port of the base URL: what a JWT's `aud` must be. */
  readonly audience: () => string;
  /** Told of every token that was issued. */
  readonly onExchange: (sessionName: string | undefined) => void;
}

/** The exchange of a signed JWT for an access token (Coze docs oauth_jwt). */
export function tokenEndpoint(options: TokenEndpointOptions): Endpoint {
  const usedJtis = new Set<string>();
  return {
    name: "POST /api/permission/oauth2/token",
    answer: async (request) => {
      try {
        const durationSeconds = checkGrant(request);
        const claims = await verify(request.headers.authorization, options);
        const jti = claims.jti ?? "";
        if (usedJtis.has(jti)) throw new OAuthRefusal("invalid_client", "the jwt was used before: jti is not unique");
        usedJtis.add(jti);
        const sessionName = sessionNameOf(claims);
        options.onExchange(sessionName);
        return { kind: "json", status: 200, body: { ...options.tokens.issue(sessionName, durationSeconds) } };
      } catch (error) {
        if (error instanceof OAuthRefusal) return error.reply();
        throw error;
      }
    },
  };
}

/** The errors of this endpoint have a shape of their own. */
class OAuthRefusal extends Error {
  readonly #code: string;

  constructor(code: string, message: string) {
    super(message);
    this.#code = code;
  }

  reply(): Reply {
    const body = { error_code: this.#code, error_message: this.message, error: this.#code };
    return { kind: "json", status: 400, body };
  }
}

function checkGrant({ body }: ApiRequest): number {
  if (body.grant_type === undefined) throw new OAuthRefusal("invalid_request", "invalid request: grant_type");
  if (body.grant_type !== GRANT_TYPE) {
    throw new OAuthRefusal("unsupported_grant_type", "the grant type is not supported");
  }
  const duration = body.duration_seconds ?? DEFAULT_DURATION_SECONDS;
  if (!Number.isInteger(duration) || Number(duration) < 1 || Number(duration) > LONGEST_DURATION_SECONDS) {
    throw new OAuthRefusal("invalid_request", "invalid request: duration_seconds");
  }
  return Number(duration);
}

async function verify(authorization: string | undefined, options: TokenEndpointOptions): Promise<JWTPayload> {
  const jwt = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
  if (!jwt) throw new OAuthRefusal("invalid_client", "verify jwt empty error");
  const now = options.clock.now();
  const { payload, protectedHeader } = await jwtVerify(jwt, options.app.publicKey, {
    algorithms: ["RS256"],
    typ: "JWT",
    issuer: options.app.clientId,
    audience: options.audience(),
    currentDate: new Date(now),
    requiredClaims: ["iss", "aud", "iat", "exp", "jti"],
  }).catch((error: unknown) => {
    throw new OAuthRefusal("invalid_client", `verify jwt error: ${error instanceof Error ? error.message : "?"}`);
  });
  if (protectedHeader.kid !== options.app.keyId) throw new OAuthRefusal("invalid_client", "public key not found: kid");
  const { iat = 0, exp = 0, jti } = payload;
  if (exp <= iat) throw new OAuthRefusal("invalid_client", "exp must be later than iat");
  if (iat > now / 1000 + CLOCK_SKEW_SECONDS) throw new OAuthRefusal("invalid_client", "iat lies in the future");
  if (!jti) throw new OAuthRefusal("invalid_client", "jti must be a string");
  return payload;
}

function sessionNameOf(claims: JWTPayload): string | undefined {
  const name = claims.session_name;
  if (name === undefined || name === "") return undefined;
  if (typeof name !== "string") throw new OAuthRefusal("invalid_client", "session_name must be a string");
  return name;
}
