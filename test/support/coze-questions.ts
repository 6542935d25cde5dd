import type { CozeEmulator, RecordedRequest } from "../../src/playground/coze/index.ts";

/** A request that asked Coze a question. */
export interface CozeQuestion {
  readonly text: string;
  /** Whose token it came with. */
  readonly sessionName?: string;
  /** Where the endpoint takes it: a query parameter for an agent, a field of the body for a flow. */
  readonly conversationId?: string;
  readonly request: RecordedRequest;
}

/** The questions that Coze was asked, oldest first; of one identity, when it is told. */
export function cozeQuestions(coze: CozeEmulator, sessionName?: string): readonly CozeQuestion[] {
  const questions = coze.requests.filter(({ path }) => path in conversationIn).map(toQuestion);
  return sessionName === undefined ? questions : questions.filter((question) => question.sessionName === sessionName);
}

const conversationIn: Readonly<Record<string, "query" | "body">> = {
  "/v3/chat": "query",
  "/v1/workflows/chat": "body",
};

function toQuestion(request: RecordedRequest): CozeQuestion {
  const { sessionName, body, path } = request;
  const messages = body.additional_messages as readonly { readonly content: string }[];
  const id = request[conversationIn[path] ?? "query"].conversation_id;
  return {
    text: messages.map(({ content }) => content).join("\n"),
    request,
    ...(sessionName !== undefined && { sessionName }),
    ...(typeof id === "string" && { conversationId: id }),
  };
}
