import type { FaultEffect } from "../faults.ts";
import type { Dialect } from "./dialect.ts";
import { createLogId } from "./ids.ts";

interface Wording {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
}

/** A call that is answered with an error in JSON. The two dialects have their own codes (Coze docs coze_error_codes). */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly #hosted: Wording;
  readonly #studio: Wording;

  constructor(hosted: Wording, studio: Wording = hosted) {
    super(hosted.msg);
    this.#hosted = hosted;
    this.#studio = studio;
  }

  wording(dialect: Dialect): Wording {
    return dialect === "hosted" ? this.#hosted : this.#studio;
  }
}

/** A fault that answers a call, streams included, with Coze's error in JSON and does not apply it. */
export function cozeError(code: number, msg: string, status = 200): FaultEffect {
  const logid = createLogId(Date.now());
  return { kind: "reply", status, body: { code, msg, detail: { logid } }, headers: { "X-Tt-Logid": logid } };
}

export function invalidParameter(problem: string): Refusal {
  const msg = `Invalid request parameters: ${problem}`;
  return new Refusal({ status: 200, code: 4000, msg }, { status: 400, code: 400, msg });
}

export function unknownPath(method: string, path: string): Refusal {
  const msg = `The requested API endpoint ${method} ${path} does not exist.`;
  return new Refusal({ status: 404, code: 4000, msg }, { status: 404, code: 404, msg });
}

/** The hosted service words a refused token in three ways, depending on the endpoint. */
export type UnauthorizedStyle = "chat" | "access-token" | "workflow";

const HOSTED_UNAUTHORIZED: Readonly<Record<UnauthorizedStyle, Wording>> = {
  chat: { status: 200, code: 4101, msg: "The token you entered is incorrect. Please check your token and try again." },
  "access-token": { status: 401, code: 700012006, msg: "access token invalid" },
  workflow: { status: 401, code: 4100, msg: "authentication is invalid" },
};

export function unauthorized(style: UnauthorizedStyle): Refusal {
  const studio = { status: 200, code: 700012006, msg: "authentication failed: api key invalid" };
  return new Refusal(HOSTED_UNAUTHORIZED[style], studio);
}

export function unknownBot(id: string): Refusal {
  return new Refusal(missingResource("bot_id", id), { status: 200, code: 103100002, msg: "agent not exists" });
}

export function unpublishedBot(id: string): Refusal {
  const msg = `The bot_id ${id} has not been published to the channel Agent As API. Publish it there and try again.`;
  return new Refusal({ status: 200, code: 4015, msg });
}

export function unknownWorkflow(id: string): Refusal {
  const studio = { status: 200, code: 777777775, msg: "workflow not found" };
  return new Refusal(missingResource("workflow_id", id), studio);
}

export function unpublishedWorkflow(id: string): Refusal {
  const studio = { status: 200, code: 720702011, msg: "The workflow has not been published." };
  return new Refusal(missingResource("workflow_id", id), studio);
}

export function unknownApp(id: string): Refusal {
  return new Refusal(missingResource("app_id", id), { status: 200, code: 777777775, msg: "app not found" });
}

const STUDIO_NO_CONVERSATION: Wording = { status: 200, code: 103000002, msg: "conversation not found" };

/** For a chat: the conversation does not exist or is another identity's; the answer does not tell which. */
export function invalidConversation(id: string): Refusal {
  return new Refusal(
    { status: 200, code: 4002, msg: `The conversation ${id} is invalid or does not belong to you.` },
    STUDIO_NO_CONVERSATION,
  );
}

/** The same for the endpoints that manage conversations. */
export function unknownConversation(id: string): Refusal {
  return new Refusal(missingResource("conversation_id", id), STUDIO_NO_CONVERSATION);
}

/** coze-studio only: its chatflows know the conversations of their app, and no others. */
export function workflowFailure(msg: string): Refusal {
  return new Refusal({ status: 200, code: 777777775, msg });
}

/** coze-studio only, for a name under which no flow has run yet. */
export function unknownAppConversation(): Refusal {
  const msg =
    "Conversation not found. Please create a conversation before attempting to perform any related operations.";
  return new Refusal({ status: 200, code: 777777762, msg });
}

export function invalidChat(id: string): Refusal {
  const studio = { status: 200, code: 103200003, msg: "record not found or nothing to update" };
  return new Refusal({ status: 200, code: 4001, msg: `The chat ${id} is invalid.` }, studio);
}

export function needsSavedHistory(): Refusal {
  const msg = "auto_save_history must be true when stream is false.";
  return new Refusal({ status: 200, code: 4007, msg });
}

export function conversationBusy(id: string): Refusal {
  const msg = `The conversation ${id} is occupied by a running chat. Wait for its end or use another conversation.`;
  return new Refusal({ status: 200, code: 4016, msg });
}

export function notCancellable(): Refusal {
  return new Refusal({ status: 200, code: 4104, msg: "The current chat cannot be canceled." });
}

export function invalidMessage(id: string): Refusal {
  return new Refusal({ status: 200, code: 4005, msg: `The message ${id} is invalid.` });
}

export function badMetaData(): Refusal {
  const msg = "meta_data takes 16 pairs, keys of 1 to 64 and values of 1 to 512 characters.";
  return new Refusal({ status: 200, code: 4003, msg });
}

/** Tool outputs for a chat that is not to be found again. */
export function unsavedChat(): Refusal {
  return new Refusal({ status: 200, code: 5000, msg: "We're currently experiencing server issues." });
}

export function noFile(): Refusal {
  return new Refusal({ status: 200, code: 4300, msg: "The uploaded file is empty." });
}

export function severalFiles(): Refusal {
  return new Refusal({ status: 200, code: 4301, msg: "Only one file can be uploaded at a time." });
}

export function fileTooBig(): Refusal {
  return new Refusal({ status: 200, code: 4302, msg: "The uploaded file is too big." });
}

export function invalidFileType(extension: string): Refusal {
  return new Refusal({
    status: 200,
    code: 4303,
    msg: `The file type ${extension || "without extension"} is not supported.`,
  });
}

/** It does not exist or is another's; the answer does not tell which. */
export function unknownFile(id: string): Refusal {
  return new Refusal(missingResource("file_id", id));
}

function missingResource(kind: string, id: string): Wording {
  const msg = `Requested resource ${kind}=${id} does not exist. Ensure you are the correct resource identifier.`;
  return { status: 200, code: 4200, msg };
}
