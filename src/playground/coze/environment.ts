import type { Mode } from "./brain.ts";
import { catalog } from "./catalog.ts";
import type { OAuthApp } from "./oauth-app.ts";

export type Auth = "jwt" | "token";

export interface Credentials {
  readonly baseUrl: string;
  readonly app: OAuthApp;
  readonly personalToken: string;
}

/** The environment variables with which a bridge talks to an emulator. */
export function environmentOf(credentials: Credentials, mode: Mode, auth: Auth): Readonly<Record<string, string>> {
  return {
    COZE_API_BASE: credentials.baseUrl,
    ...(auth === "token" ? { COZE_API_TOKEN: credentials.personalToken } : jwtVariables(credentials.app)),
    ...modeVariables(mode),
  };
}

function jwtVariables(app: OAuthApp): Record<string, string> {
  return {
    COZE_JWT_OAUTH_CLIENT_ID: app.clientId,
    COZE_JWT_OAUTH_PUBLIC_KEY_ID: app.keyId,
    COZE_JWT_OAUTH_PRIVATE_KEY: app.privateKey.trim().replaceAll("\n", "\\n"),
  };
}

function modeVariables(mode: Mode): Record<string, string> {
  const { botId, workflowId, appId } = catalog;
  if (mode === "agent") return { COZE_BOT_ID: botId };
  if (mode === "chatflow-bot") return { COZE_WORKFLOW_ID: workflowId, COZE_BOT_ID: botId };
  return { COZE_WORKFLOW_ID: workflowId, COZE_APP_ID: appId };
}
