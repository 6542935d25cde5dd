import { type ApiRequest, authorized, type Endpoint, type Fields, optionalText } from "./api.ts";
import { type Conversation, type Feedback, findOwned } from "./conversations.ts";
import type { Message } from "./messages.ts";
import { invalidMessage, invalidParameter, unauthorized } from "./refusal.ts";
import type { Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

const MOST_REASONS = 10;
const LONGEST_REASON = 30;
const LONGEST_COMMENT = 250;

/** What people think of answers (Coze docs message_feedback, delete_message_feedback). */
export function feedbackEndpoints(service: Service): readonly Endpoint[] {
  const path = "/v1/conversations/:conversation_id/messages/:message_id/feedback";
  const endpoint = (
    method: string,
    rate: (conversation: Conversation, id: string, body: Fields) => void,
  ): Endpoint => ({
    name: `${method} ${path}`,
    answer: authorized(
      () => unauthorized("access-token"),
      (request, identity) => {
        const { conversation, message } = findAnswer(service, request, identity);
        rate(conversation, message.id, request.body);
        service.changed();
        return { kind: "success", fields: {} };
      },
    ),
  });
  return [
    endpoint("POST", ({ feedback }, id, body) => feedback.set(id, readFeedback(body))),
    endpoint("DELETE", ({ feedback }, id) => feedback.delete(id)),
  ];
}

function findAnswer(service: Service, { parameters }: ApiRequest, identity: Identity) {
  const conversation = findOwned(service.conversations, parameters, identity);
  const id = optionalText(parameters, "message_id") ?? "";
  const isAnswer = (message: Message) => message.id === id && message.type === "answer";
  const message = conversation.messages.find(isAnswer);
  if (!message) throw invalidMessage(id);
  return { conversation, message };
}

function readFeedback(body: Fields): Feedback {
  const { feedback_type: type, reason_types: reasons = [], comment = "" } = body;
  if (type !== "like" && type !== "unlike") throw invalidParameter("feedback_type must be like or unlike");
  const isReason = (reason: unknown) => typeof reason === "string" && [...reason].length <= LONGEST_REASON;
  if (!Array.isArray(reasons) || reasons.length > MOST_REASONS || !reasons.every(isReason)) {
    throw invalidParameter(`reason_types must hold ${MOST_REASONS} texts of ${LONGEST_REASON} characters at most`);
  }
  if (typeof comment !== "string" || [...comment].length > LONGEST_COMMENT) {
    throw invalidParameter(`comment is longer than ${LONGEST_COMMENT} characters`);
  }
  return type;
}
