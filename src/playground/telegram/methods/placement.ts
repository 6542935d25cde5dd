import type { ChatAccess } from "../chat-access.ts";
import type { ChatRecord, Topic } from "../chats.ts";
import { findMessage, type StoredMessage } from "../messages.ts";
import { Fields, type Parameters } from "../parameters.ts";
import { badRequest } from "../refusal.ts";

/** Where a new message goes. */
export interface Placement {
  readonly chat: ChatRecord;
  readonly topic: Topic | undefined;
  readonly replyTo: StoredMessage | undefined;
}

export function readPlacement(access: ChatAccess, parameters: Parameters): Placement {
  const chat = access.toWrite(parameters);
  const topic = access.topic(chat, parameters);
  return { chat, topic, replyTo: readReply(parameters, chat) };
}

/** `reply_parameters`, or the two older parameters that it replaced. */
function readReply(parameters: Parameters, chat: ChatRecord): StoredMessage | undefined {
  const value = parameters.json("reply_parameters", "reply parameters");
  const fields = value === undefined ? undefined : new Fields(value, "Can't parse reply parameters");
  const id = fields === undefined ? parameters.integer("reply_to_message_id") : fields.integer("message_id");
  const mayBeMissing = fields?.flag("allow_sending_without_reply") ?? parameters.flag("allow_sending_without_reply");
  if (id <= 0) return undefined;
  const message = findMessage(chat, id);
  if (message === undefined && !mayBeMissing) throw badRequest("message to be replied not found");
  return message;
}
