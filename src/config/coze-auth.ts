import type { KeyObject } from "node:crypto";
import { keyFileName, keyName, readCozePrivateKey } from "./coze-private-key.ts";
import type { VariableName } from "./env.ts";
import type { Settings } from "./settings.ts";
import { isTransmissible } from "./values.ts";

/** How the bridge proves to Coze who it is; the key and the token themselves are secrets. */
export type CozeAuth =
  | { readonly kind: "jwt"; readonly clientId: string; readonly publicKeyId: string }
  /** One token for everybody: Coze can't keep people apart. */
  | { readonly kind: "token" };

export interface CozeCredentials {
  readonly auth: CozeAuth;
  readonly cozePrivateKey?: KeyObject;
  readonly cozeToken?: string;
}

const clientIdName = "COZE_JWT_OAUTH_CLIENT_ID";
const publicKeyIdName = "COZE_JWT_OAUTH_PUBLIC_KEY_ID";
const tokenName = "COZE_API_TOKEN";
const idNames: VariableName[] = [clientIdName, publicKeyIdName];
const jwtNames: VariableName[] = [...idNames, keyName, keyFileName];

/** The JWT OAuth app or the token: exactly one of them, and whole. */
export function readCozeCredentials(settings: Settings): CozeCredentials | undefined {
  const jwt = jwtNames.some((name) => settings.isSet(name));
  const token = settings.isSet(tokenName);
  if (jwt && token) {
    settings.refuse(
      tokenName,
      "It is set together with COZE_JWT_OAUTH_ variables, and only one of the two can be used.",
      "Remove it to keep every person's conversation apart, or remove all COZE_JWT_OAUTH_ variables.",
    );
  }
  if (jwt) return readJwt(settings);
  if (token) return readToken(settings);
  const names: VariableName[] = [...jwtNames, tokenName];
  const misnamed = names.filter((name) => settings.isIntended(name));
  for (const name of misnamed) settings.text(name);
  if (misnamed.length > 0) return undefined;
  return settings.refuse(
    `${clientIdName}, ${publicKeyIdName}, ${keyFileName}`,
    "Nothing is set to sign in to Coze with.",
    `Create an OAuth app of the type JWT at https://www.coze.cn/open/oauth/apps (or www.coze.com) and set all three, or set ${tokenName}.`,
  );
}

function readJwt(settings: Settings): CozeCredentials | undefined {
  const keyIsIntended = settings.isIntended(keyName) || settings.isIntended(keyFileName);
  const needed: VariableName[] = keyIsIntended ? idNames : [...idNames, keyFileName];
  const missing = needed.filter((name) => !settings.isIntended(name));
  if (missing.length > 0) {
    const present = jwtNames.filter((name) => settings.isSet(name)).join(", ");
    const next =
      "The OAuth app's page on Coze shows its id and the key's fingerprint; the key itself was downloaded there.";
    settings.refuse(
      missing.join(", "),
      `Missing, while ${present} is set: a JWT needs the id, the key and its id.`,
      next,
    );
  }
  const clientId = readName(settings, clientIdName);
  const publicKeyId = readName(settings, publicKeyIdName);
  const cozePrivateKey = readCozePrivateKey(settings);
  if (!clientId || !publicKeyId || !cozePrivateKey) return undefined;
  return { auth: { kind: "jwt", clientId, publicKeyId }, cozePrivateKey };
}

function readToken(settings: Settings): CozeCredentials | undefined {
  const cozeToken = settings.text(tokenName);
  if (cozeToken === undefined) return undefined;
  if (/^Bearer\s/i.test(cozeToken)) {
    return settings.refuse(tokenName, "It begins with the word Bearer.", "Keep only what follows it.");
  }
  if (!isTransmissible(cozeToken)) {
    const next =
      "Copy it again from https://www.coze.cn/open/oauth/pats (or www.coze.com); it begins with pat_ or sat_.";
    return settings.refuse(tokenName, "It has blanks or letters inside that no token has.", next);
  }
  return { auth: { kind: "token" }, cozeToken };
}

function readName(settings: Settings, name: VariableName): string | undefined {
  const value = settings.text(name);
  if (value === undefined || isTransmissible(value)) return value;
  const problem = value.includes("BEGIN")
    ? "It holds a key, not an id."
    : "It has blanks or letters inside that no id has.";
  return settings.refuse(name, problem, "Copy it from the OAuth app's page on Coze.");
}
