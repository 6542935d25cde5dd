import { type ApiAnswer, refuse, refuseField } from "./refusals.ts";
import type { RequestBody } from "./request-body.ts";
import { isSnowflake } from "./snowflakes.ts";

export interface ApiRequest {
  /** The path's parameters by name. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: RequestBody;
}

export interface Route {
  readonly method: string;
  /** `/channels/:channel_id/messages`. */
  readonly pattern: string;
  readonly needsToken: boolean;
  readonly handle: (request: ApiRequest) => ApiAnswer;
}

export interface Match {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

/** `needsToken` is false where the path holds the credential, or none is needed. */
export function route(method: string, pattern: string, handle: Route["handle"], needsToken = true): Route {
  return { method, pattern, needsToken, handle };
}

/** The method's name in records and fault rules: `POST /channels/:id/messages`. */
export function routeName(route: Route): string {
  const pattern = route.pattern.replace(/:\w+_(id|token)/g, ":$1");
  return `${route.method} ${pattern}`;
}

/** Finds the route of a path below `/api/v10`; throws the refusal of one that there is not. */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): Match {
  const segments = pathname.split("/").map(decodeSegment);
  let pathExists = false;
  for (const route of routes) {
    const path = matchPattern(route.pattern, segments);
    if (!path) continue;
    pathExists = true;
    if (route.method === method) return { route, path };
  }
  throw refuse(pathExists ? "methodNotAllowed" : "notFound");
}

/** Refuses parameters that should be ids and are not; `@original` is a message's id. */
export function requireSnowflakes(path: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(path)) {
    if (!name.endsWith("_id") || isSnowflake(value) || value === "@original") continue;
    throw refuseField([name], "NUMBER_TYPE_COERCE", `Value "${value}" is not snowflake.`);
  }
}

function matchPattern(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = pattern.split("/");
  if (parts.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) path[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return path;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
