import { createHmac } from "node:crypto";

/**
 * The name under which Coze keeps a person's conversations and variables apart from everyone else's: `telegram:42`, or
 * with a `secret` a pseudonym (HMAC-SHA256) from which neither the platform nor the person can be told. Another secret
 * makes another name, and with it everybody's memory begins anew.
 */
export function sessionName(platform: string, userId: string, secret?: string): string {
  const name = `${platform}:${userId}`;
  return secret === undefined ? name : `u_${createHmac("sha256", secret).update(name).digest("base64url")}`;
}
