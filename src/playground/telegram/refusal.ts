/** The body of a refused call. */
export interface RefusalBody {
  readonly ok: false;
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: RefusalParameters;
}

/** What a client may need to go on: `ResponseParameters` of the Bot API. */
export interface RefusalParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** Reasons of refusals that more than one place gives. */
export const reasons = {
  notModified:
    "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
  polledElsewhere: "terminated by other getUpdates request; make sure that only one bot instance is running",
  webhookActive: "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
} as const;

/** The Bot API says no: HTTP status and body have the same code. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly parameters: RefusalParameters | undefined;

  constructor(status: number, description: string, parameters?: RefusalParameters) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }

  get body(): RefusalBody {
    const body = { ok: false, error_code: this.status, description: this.message } as const;
    return this.parameters === undefined ? body : { ...body, parameters: this.parameters };
  }

  get headers(): Readonly<Record<string, string>> {
    const seconds = this.parameters?.retry_after;
    return seconds === undefined ? {} : { "Retry-After": String(seconds) };
  }
}

export function badRequest(reason: string, parameters?: RefusalParameters): Refusal {
  return new Refusal(400, withPrefix("Bad Request", reason), parameters);
}

export function forbidden(reason: string): Refusal {
  return new Refusal(403, withPrefix("Forbidden", reason));
}

export function conflict(reason: string): Refusal {
  return new Refusal(409, `Conflict: ${reason}`);
}

export function unauthorized(): Refusal {
  return new Refusal(401, "Unauthorized");
}

export function notFound(reason?: string): Refusal {
  return new Refusal(404, reason === undefined ? "Not Found" : `Not Found: ${reason}`);
}

export function tooLarge(): Refusal {
  return new Refusal(413, "Request Entity Too Large");
}

/** Too many calls; `seconds` is what is left of the wait, rounded up. */
export function flood(seconds: number): Refusal {
  return new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}

/**
 * The first letter becomes small unless the second character is a capital or `_`, so that a constant of Telegram's
 * servers (`TOPIC_CLOSED`) stays as it is (tdlib/telegram-bot-api 10.0, fail_query_with_error).
 */
function withPrefix(prefix: string, reason: string): string {
  const isConstant = /^.[A-Z_]/.test(reason);
  return `${prefix}: ${isConstant ? reason : reason.charAt(0).toLowerCase() + reason.slice(1)}`;
}
