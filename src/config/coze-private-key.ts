import type { KeyObject } from "node:crypto";
import { parsePrivateKey } from "../coze/private-key.ts";
import type { VariableName } from "./env.ts";
import type { Settings } from "./settings.ts";
import { readTextFile } from "./text-file.ts";

export const keyName = "COZE_JWT_OAUTH_PRIVATE_KEY";
export const keyFileName = "COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH";

/** The key of the OAuth app, from the variable or from the file: from exactly one. Absent when neither is set. */
export function readCozePrivateKey(settings: Settings): KeyObject | undefined {
  const inline = settings.isSet(keyName);
  const file = settings.isSet(keyFileName);
  if (inline && file) return settings.refuse(`${keyName}, ${keyFileName}`, "Both are set.", "Keep one of them.");
  if (file) return readKeyFile(settings);
  const text = settings.text(keyName);
  if (text === undefined) {
    settings.text(keyFileName);
    return undefined;
  }
  if (!text.includes("-----") && /[/\\~]|\.(pem|key|txt)$/.test(text) && text.length < 300) {
    return settings.refuse(keyName, "It holds a file's path, not a key.", `Put the path into ${keyFileName}.`);
  }
  if (/BEGIN/.test(text) && !/END/.test(text)) {
    const next = `Put double quotes around the whole key in .env, or use ${keyFileName}.`;
    return settings.refuse(keyName, "Only the first line of the key arrived.", next);
  }
  return parseKey(settings, keyName, text);
}

function readKeyFile(settings: Settings): KeyObject | undefined {
  const path = settings.text(keyFileName);
  if (path === undefined) return undefined;
  // No path is this long, but a key without its first and last line is; it must not be quoted.
  if (path.includes("-----") || path.length > 500) {
    return settings.refuse(keyFileName, "It holds a key, not a file's path.", `Put the key into ${keyName}.`);
  }
  const text = readTextFile(settings, keyFileName, path);
  return text === undefined ? undefined : parseKey(settings, keyFileName, text);
}

function parseKey(settings: Settings, name: VariableName, pem: string): KeyObject | undefined {
  try {
    return parsePrivateKey(pem);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return settings.refuse(name, problem, "Use the private key file that Coze offered when the key was created.");
  }
}
