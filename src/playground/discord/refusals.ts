/** What the API answers to a call. */
export interface ApiAnswer {
  readonly status: number;
  /** Absent for 204. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call that is answered with an error and has no effect. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly answer: ApiAnswer;

  constructor(answer: ApiAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

/** HTTP status, JSON error code and message (Discord docs, opcodes and status codes; wording as the service sends it). */
const reasons = {
  unauthorized: [401, 0, "401: Unauthorized"],
  notFound: [404, 0, "404: Not Found"],
  methodNotAllowed: [405, 0, "405: Method Not Allowed"],
  unknownChannel: [404, 10003, "Unknown Channel"],
  unknownGuild: [404, 10004, "Unknown Guild"],
  unknownMessage: [404, 10008, "Unknown Message"],
  unknownUser: [404, 10013, "Unknown User"],
  unknownWebhook: [404, 10015, "Unknown Webhook"],
  unknownInteraction: [404, 10062, "Unknown interaction"],
  notYourApplication: [403, 20012, "You are not authorized to perform this action on this application"],
  tooManyAttachments: [400, 30015, "Maximum number of attachments in a message reached (10)"],
  entityTooLarge: [413, 40005, "Request entity too large"],
  alreadyAcknowledged: [400, 40060, "Interaction has already been acknowledged."],
  missingAccess: [403, 50001, "Missing Access"],
  notInPrivateChannel: [403, 50003, "Cannot execute action on a DM channel"],
  notTheAuthor: [403, 50005, "Cannot edit a message authored by another user"],
  emptyMessage: [400, 50006, "Cannot send an empty message"],
  closedToBot: [403, 50007, "Cannot send messages to this user"],
  missingPermissions: [403, 50013, "Missing Permissions"],
  invalidWebhookToken: [401, 50027, "Invalid Webhook Token"],
  invalidRecipient: [400, 50033, "Invalid Recipient(s)"],
  invalidApiVersion: [400, 50041, "Invalid API version"],
  archivedThread: [400, 50083, "Thread is archived"],
  invalidJson: [400, 50109, "The request body contains invalid JSON."],
  voiceWithContent: [400, 50159, "Voice messages do not support additional content."],
  voiceNotSingleAudio: [400, 50160, "Voice messages must have a single audio attachment."],
  voiceWithoutMetadata: [400, 50161, "Voice messages must have supporting metadata."],
  voiceIsFinal: [400, 50162, "Voice messages cannot be edited."],
  voiceNotAllowed: [403, 50173, "You cannot send voice messages in this channel."],
} as const satisfies Readonly<Record<string, readonly [status: number, code: number, message: string]>>;

export function refuse(reason: keyof typeof reasons): Refusal {
  const [status, code, message] = reasons[reason];
  return new Refusal({ status, body: { message, code } });
}

interface FieldErrors {
  _errors?: { readonly code: string; readonly message: string }[];
  [field: string]: FieldErrors | FieldErrors["_errors"];
}

/** Collects what is wrong with a request's fields into the one answer of code 50035. */
export class FormErrors {
  readonly #root: FieldErrors = {};
  #count = 0;

  add(path: readonly (string | number)[], code: string, message: string): void {
    let node = this.#root;
    for (const step of path) {
      const child = (node[step] as FieldErrors | undefined) ?? {};
      node[step] = child;
      node = child;
    }
    node._errors = [...(node._errors ?? []), { code, message }];
    this.#count += 1;
  }

  throwIfAny(): void {
    if (this.#count > 0) throw this.refusal();
  }

  refusal(): Refusal {
    return new Refusal({ status: 400, body: { message: "Invalid Form Body", code: 50035, errors: this.#root } });
  }
}

/** A request with one wrong field. */
export function refuseField(path: readonly (string | number)[], code: string, message: string): Refusal {
  const errors = new FormErrors();
  errors.add(path, code, message);
  return errors.refusal();
}
