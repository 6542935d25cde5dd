/** What was seen of a bot in one chat: everything that it did and everything that stood there. Times are epoch ms. */
export interface Observation {
  readonly messages: readonly ObservedMessage[];
  readonly calls: readonly ObservedCall[];
}

/** A message of the bot, oldest version first. */
export interface ObservedMessage {
  readonly id: string;
  readonly versions: readonly ObservedVersion[];
}

export interface ObservedVersion {
  /** When the server answered the call that made it. */
  readonly at: number;
  readonly text: string;
  /** Whether `text` has markdown in it that the reader does not see. */
  readonly isMarkdown: boolean;
}

export type CallKind = "post" | "edit" | "delete" | "draft" | "typing";

export interface ObservedCall {
  readonly kind: CallKind;
  /** When it reached the server. */
  readonly at: number;
  readonly answeredAt: number;
  /** 0 when no answer was given. */
  readonly status: number;
  /** Only with status 429. */
  readonly retryAfterMs?: number;
  /** The message that is edited or deleted. */
  readonly message?: string;
  /** Equal for calls that ask for the same. */
  readonly payload: string;
  /** Only of drafts: what it shows. */
  readonly draft?: string;
}
