/** What a failure means for the turn; decided once, from code, HTTP status and place. */
export type CozeErrorKind =
  /** The token is refused, also after a fresh one: credentials, scope, workspace or region are wrong. */
  | "authentication"
  /** The conversation is unknown or belongs to another identity: start a new one. */
  | "conversation-lost"
  /** Another run holds the conversation (4016): wait and ask again. */
  | "busy"
  /** The person's or the agent's daily or free quota is used up, or an account is in arrears. */
  | "quota"
  /** Too many requests just now. */
  | "rate-limited"
  /** The agent or flow is missing, unpublished or misconfigured: the operator must act. */
  | "agent-unavailable"
  /** The question can't be taken as it is: too long, refused by a policy. */
  | "rejected"
  /** Coze, its model or a node of the flow failed. */
  | "service"
  /** The stream ended, broke or fell silent before its end; `received` tells whether the run had begun. */
  | "interrupted"
  /** No connection, or no answer. */
  | "network";

export interface CozeErrorDetails {
  readonly kind: CozeErrorKind;
  /** Coze's code as a number, `0` when there was none. The token endpoint's `error_code` is in `message`. */
  readonly code?: number;
  readonly status?: number;
  readonly logid?: string;
  /** Method and path, without query: `POST /v3/chat`. */
  readonly endpoint: string;
  /** True once an event of the run arrived: the question must never be sent again. */
  readonly received?: boolean;
  /** True when a question may have reached Coze although nothing was heard of a run. */
  readonly uncertain?: boolean;
  readonly cause?: unknown;
}

/** A failed call to Coze. `message` is Coze's own text, for the log and never for a person. */
export class CozeError extends Error {
  override readonly name = "CozeError";
  readonly kind: CozeErrorKind;
  readonly code: number;
  readonly status: number | undefined;
  readonly logid: string | undefined;
  readonly endpoint: string;
  readonly received: boolean;
  readonly uncertain: boolean;

  constructor(message: string, details: CozeErrorDetails) {
    super(message, { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code ?? 0;
    this.status = details.status;
    this.logid = details.logid;
    this.endpoint = details.endpoint;
    this.received = details.received ?? false;
    this.uncertain = details.uncertain ?? false;
  }
}
