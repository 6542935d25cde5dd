import type { ChatAccess } from "../chat-access.ts";
import type { ChatRecord } from "../chats.ts";
import { fixedText, lengthOf, MAX_TEXT_LENGTH } from "../formatted-text.ts";
import type { Parameters } from "../parameters.ts";
import type { DraftContent, Presence } from "../presence.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import { badRequest } from "../refusal.ts";
import { readRichMessage } from "../rich-message.ts";
import { readText } from "../text-parameter.ts";
import type { Methods } from "./method.ts";

const ACTIONS = [
  "cancel",
  "typing",
  "record_video",
  "upload_video",
  "record_audio",
  "record_voice",
  "upload_audio",
  "upload_voice",
  "upload_photo",
  "upload_document",
  "choose_sticker",
  "pick_up_location",
  "find_location",
  "record_video_note",
  "upload_video_note",
];

interface Parts {
  readonly access: ChatAccess;
  readonly presence: Presence;
  readonly limiter: RateLimiter;
}

/** Chat actions and streamed drafts (Bot API 9.5, rich ones since 10.1, the stop button since 10.3). */
export function presenceMethods({ access, presence, limiter }: Parts): Methods {
  const charge = (chat: ChatRecord) =>
    limiter.charge({ call: "presence", chatId: chat.id, isPrivate: chat.type === "private" });

  const draw = (parameters: Parameters, content: DraftContent) => {
    const chat = access.toWrite(parameters);
    if (chat.type !== "private") throw badRequest("TEXTDRAFT_PEER_INVALID");
    const topic = access.topic(chat, parameters);
    const draftId = parameters.integer("draft_id");
    charge(chat);
    if (draftId === 0) throw badRequest("RANDOM_ID_INVALID");
    if (content.rich === undefined && lengthOf(content.text) > MAX_TEXT_LENGTH) throw badRequest("MESSAGE_TOO_LONG");
    const canStop = parameters.flag("can_stop");
    const keepOnStop = parameters.flag("keep_on_stop");
    presence.draw(chat.id, { ...content, draftId, topicId: topic?.id, canStop, keepOnStop });
    return true;
  };

  return {
    sendChatAction(parameters) {
      const action = parameters.text("action").toLowerCase();
      if (!ACTIONS.includes(action)) throw badRequest("Wrong parameter action in request");
      const chat = access.toWrite(parameters);
      const topic = access.topic(chat, parameters);
      charge(chat);
      presence.act(chat.id, topic?.id, action);
      return true;
    },

    sendMessageDraft: (parameters) => draw(parameters, fixedText(readText(parameters), true)),

    sendRichMessageDraft: (parameters) => draw(parameters, { ...readRichMessage(parameters), entities: [] }),
  };
}
