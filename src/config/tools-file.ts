import { resolve } from "node:path";
import { z } from "zod";
import { parseJson } from "../json.ts";
import type { DeclaredTool, DeclaredTools } from "../tools/declared-tool.ts";
import { closest } from "./did-you-mean.ts";
import type { Environment } from "./env.ts";
import { quote, type Settings } from "./settings.ts";
import { readTextFile } from "./text-file.ts";

const LONGEST_TIMEOUT_MS = 300_000;
const DEFAULT_TIMEOUT_MS = 10_000;

const Tool = z.strictObject({
  url: z.string().refine(isAddress),
  method: z.enum(["POST", "GET"]).default("POST"),
  headers: z.record(z.string().refine(isFreeHeader), z.string()).default({}),
  timeoutMs: z.int().min(1).max(LONGEST_TIMEOUT_MS).default(DEFAULT_TIMEOUT_MS),
});
const ToolsFile = z.strictObject({ tools: z.record(z.string(), Tool) });

/**
 * The tools that the file named by TOOLS_FILE declares; none when it isn't set or is refused. `${NAME}` in a header stands
 * for a variable of `env`, so what is returned holds secrets. No problem quotes a header's value.
 */
export function readToolsFile(settings: Settings, env: Environment): DeclaredTools {
  const path = settings.text("TOOLS_FILE");
  if (path === undefined) return new Map();
  const content = readJson(settings, path);
  if (content === undefined) return new Map();
  const refuse: Refuse = (problem, next) =>
    settings.refuse("TOOLS_FILE", `In ${quote(resolve(path))}, ${problem}`, next);
  const { data, error } = ToolsFile.safeParse(content);
  for (const issue of error?.issues ?? []) explain(issue, refuse);
  const tools = Object.entries(data?.tools ?? {});
  return new Map(tools.map(([name, tool]) => [name, withSecrets({ name, tool, env }, refuse)]));
}

type Refuse = (problem: string, next: string) => undefined;

function readJson(settings: Settings, path: string): unknown {
  const text = readTextFile(settings, "TOOLS_FILE", path);
  if (text === undefined) return undefined;
  const content = parseJson(text);
  if (content !== undefined) return content;
  // The parser's own words quote the file, which may hold a secret.
  const next = "Look for a missing or extra comma, quote or brace.";
  return settings.refuse("TOOLS_FILE", `The file ${quote(resolve(path))} is no valid JSON.`, next);
}

function explain(issue: z.core.$ZodIssue, refuse: Refuse): void {
  const [, tool, field, header] = issue.path.map(String);
  const place = tool === undefined ? "the file" : `the tool ${quote(tool)}`;
  if (issue.code === "unrecognized_keys") {
    const known = tool === undefined ? ["tools"] : Object.keys(Tool.shape);
    for (const key of issue.keys) {
      const meant = closest(key, known);
      const next = meant ? `Did you mean ${meant}?` : `Use ${known.join(", ")}.`;
      refuse(`${place} has an unknown key: ${quote(key)}.`, next);
    }
    return;
  }
  if (header !== undefined) {
    const isName = issue.code === "invalid_key";
    const problem = `the header ${quote(header)} of ${place} ${isName ? "can't be set" : "is no text"}.`;
    refuse(problem, isName ? "Remove it: the bridge sets it, or HTTP does not allow it." : "Write it in quotes.");
    return;
  }
  if (field === undefined) refuse(`${place} is not as expected.`, `Write ${EXAMPLE}.`);
  else refuse(`${place} has no valid ${field}.`, VALID[field] ?? `Write ${EXAMPLE}.`);
}

const EXAMPLE = '{"tools": {"get_weather": {"url": "https://example.com/weather"}}}';

const VALID: Readonly<Record<string, string>> = {
  url: "Write a whole address that begins with https:// or http://; secrets belong into headers.",
  method: "Use POST or GET.",
  headers: 'Write names and texts, as in {"x-api-key": "…"}.',
  timeoutMs: `Use whole milliseconds from 1 to ${LONGEST_TIMEOUT_MS}; the default is ${DEFAULT_TIMEOUT_MS}.`,
};

interface Template {
  readonly name: string;
  readonly tool: DeclaredTool;
  readonly env: Environment;
}

/** The tool with the values of the environment in its headers. */
function withSecrets({ name, tool, env }: Template, refuse: Refuse): DeclaredTool {
  const lookUp = (_whole: string, variable: string) => {
    const value = Object.hasOwn(env, variable) ? env[variable]?.trim() : undefined;
    if (value) return value;
    refuse(`the tool ${quote(name)} needs ${variable}, which is not set.`, `Set ${variable} in .env, or correct it.`);
    return "";
  };
  const headers = Object.entries(tool.headers).map(([header, text]): [string, string] => {
    const value = text.replace(/\$\{([^}]*)\}/g, lookUp);
    if (!/^[\x20-\x7e]*$/.test(value)) {
      const problem = `the header ${quote(header)} of the tool ${quote(name)} holds a character that HTTP can't carry.`;
      refuse(problem, "Use printable ASCII without line breaks, also in the variables that it names.");
    }
    return [header, value];
  });
  return { ...tool, headers: Object.fromEntries(headers) };
}

function isAddress(url: string): boolean {
  if (!URL.canParse(url) || url.includes("${")) return false;
  const { protocol, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** Names that HTTP allows and that neither the bridge nor the connection sets by itself. */
function isFreeHeader(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !RESERVED.includes(name.toLowerCase());
}

const RESERVED = [
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "idempotency-key",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
