/** Why a question is not asked because of what is attached to it. */
export type AttachmentProblem =
  /** Larger than the bridge, the platform or Coze passes on. */
  | "too-large"
  /** Of a type that Coze does not take. */
  | "type"
  /** The platform did not give the file. */
  | "unavailable"
  /** A voice message in which nothing was understood. */
  | "unheard"
  /** A voice message, where Coze transcribes none. */
  | "deaf";

/** `message` is for the log and never holds a file's name. */
export class AttachmentError extends Error {
  override readonly name = "AttachmentError";
  readonly code: AttachmentProblem;

  constructor(code: AttachmentProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
