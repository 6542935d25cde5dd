import { type Clock, systemClock } from "../../../src/clock.ts";
import type { CozeMode } from "../../../src/coze/agent.ts";
import { createFixedToken, createJwtTokens } from "../../../src/coze/auth.ts";
import { type CozeClient, type CozeClientOptions, createCozeClient } from "../../../src/coze/client.ts";
import { parsePrivateKey } from "../../../src/coze/private-key.ts";
import type { CozeEmulator } from "../../../src/playground/coze/index.ts";

export const kinds = ["agent", "chatflow-app", "chatflow-bot"] as const;
export type Kind = (typeof kinds)[number];
export const worlds = (["hosted", "studio"] as const).flatMap((dialect) => kinds.map((kind) => ({ dialect, kind })));

/** A client of an emulator, with a token for each session where the dialect has them. */
export function emulatedClient(
  coze: CozeEmulator,
  kind: Kind,
  clock: Clock = systemClock,
  options: Partial<CozeClientOptions> = {},
): CozeClient {
  const isHosted = coze.dialect === "hosted";
  const tokens = isHosted ? jwtTokens(coze, coze.oauthApp.privateKey, clock) : createFixedToken(coze.personalToken);
  return createCozeClient({ ...connection(coze, clock), mode: modeOf(coze, kind), tokens, ...options });
}

export function connection(coze: CozeEmulator, clock: Clock = systemClock) {
  return { base: coze.baseUrl, clock, idleTimeoutMs: 120_000 };
}

export function jwtTokens(coze: CozeEmulator, pem: string, clock: Clock = systemClock) {
  const { clientId, keyId: publicKeyId } = coze.oauthApp;
  const app = { clientId, publicKeyId, privateKey: parsePrivateKey(pem) };
  return createJwtTokens({ ...connection(coze, clock), app });
}

export function modeOf({ catalog: { botId, workflowId, appId } }: CozeEmulator, kind: Kind): CozeMode {
  if (kind === "agent") return { kind, botId };
  return kind === "chatflow-app" ? { kind, workflowId, appId } : { kind, workflowId, botId };
}
