/** A tool as the operator declared it: the one address that is called, and how. */
export interface DeclaredTool {
  /** http or https, without user name and password. */
  readonly url: string;
  /** GET puts the arguments into the query, POST into the body as JSON. */
  readonly method: "GET" | "POST";
  /** Sent with every call. They hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long an answer may take to its last byte. */
  readonly timeoutMs: number;
}

/** By the names by which the agent calls them. */
export type DeclaredTools = ReadonlyMap<string, DeclaredTool>;
