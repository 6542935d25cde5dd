import type { FaultEffect } from "../faults.ts";

/** A 429 as Discord sends it. The headers and the body agree: discord.js waits by the headers. */
export function rateLimited(
  seconds: number,
  options: { readonly global?: boolean; readonly scope?: "user" | "shared" } = {},
): FaultEffect {
  const global = options.global ?? false;
  const scope = global ? "global" : (options.scope ?? "user");
  const routeHeaders = {
    "X-RateLimit-Limit": "5",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Reset-After": seconds.toFixed(3),
  };
  return {
    kind: "reply",
    status: 429,
    body: {
      message: scope === "shared" ? "The resource is being rate limited." : "You are being rate limited.",
      retry_after: seconds,
      global,
    },
    headers: {
      "Retry-After": String(Math.ceil(seconds)),
      "X-RateLimit-Scope": scope,
      ...(global ? { "X-RateLimit-Global": "true" } : routeHeaders),
    },
  };
}

/** A failure of Discord itself. */
export function serverError(status: 500 | 503 = 500): FaultEffect {
  const message = status === 500 ? "500: Internal Server Error" : "503: Service Unavailable";
  return { kind: "reply", status, body: { message, code: 0 } };
}

/** A refusal with one of the API's error codes: `apiError(403, 50013, "Missing Permissions")`. */
export function apiError(status: number, code: number, message: string): FaultEffect {
  return { kind: "reply", status, body: { message, code } };
}

/** The page that Cloudflare answers with when Discord can't be reached: HTML on a JSON API. */
export function cloudflareHtml(status: 502 | 503 | 504 | 520 | 522): FaultEffect {
  const title = `${status} ${cloudflareTitles[status]}`;
  const body =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    "<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";
  return { kind: "reply", status, body, headers: { Server: "cloudflare" } };
}

const cloudflareTitles = {
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
  520: "Web server is returning an unknown error",
  522: "Connection timed out",
} as const;

/** What an address gets that made too many invalid requests. */
export const cloudflareBanPage =
  "<!DOCTYPE html>\n<html>\n<head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>\n" +
  "<body>\n<h1>Error 1015</h1>\n<h2>You are being rate limited</h2>\n" +
  "<p>The owner of this website (discord.com) has banned you temporarily from accessing this website.</p>\n</body>\n</html>\n";
