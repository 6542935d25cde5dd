/** Why a call of a tool failed. */
export type ToolErrorCode =
  /** No tool of this name is declared. */
  | "unknown"
  /** The arguments are no JSON object. */
  | "arguments"
  /** No whole answer in time. */
  | "timeout"
  /** No connection, or one that broke. */
  | "network"
  /** It answered with a status other than 2xx; a redirect too, which is never followed. */
  | "status";

export interface ToolErrorDetails {
  readonly status?: number;
  /** Why there is no connection: `ECONNREFUSED`. */
  readonly code?: string;
}

/** A call of a tool failed. `message` is for the agent and, like all of it, without addresses, headers and answers. */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ToolErrorCode;
  readonly details: ToolErrorDetails;

  constructor(code: ToolErrorCode, message: string, details: ToolErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
