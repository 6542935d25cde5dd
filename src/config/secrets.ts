import type { KeyObject } from "node:crypto";
import { inspect } from "node:util";
import type { DeclaredTools } from "../tools/declared-tool.ts";

/** Tokens and keys, kept apart from the configuration, which may be printed. */
export interface Secrets {
  readonly cozePrivateKey?: KeyObject;
  readonly cozeToken?: string;
  readonly telegramToken?: string;
  readonly discordToken?: string;
  readonly sessionNameSecret?: string;
  /** What is sent to them holds secrets. */
  readonly tools: DeclaredTools;
}

/** The same secrets in an object that shows none of them when it is logged, inspected or turned into JSON. */
export function concealSecrets(secrets: Secrets): Secrets {
  const conceal = { value: () => "[secrets]" };
  return Object.defineProperties({ ...secrets }, { toJSON: conceal, [inspect.custom]: conceal });
}
