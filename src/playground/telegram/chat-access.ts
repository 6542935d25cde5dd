import type { ChatRecord, Chats, GroupChat, PrivateChat, Topic } from "./chats.ts";
import { findMessage, type StoredMessage } from "./messages.ts";
import type { Parameters } from "./parameters.ts";
import { badRequest, forbidden } from "./refusal.ts";

/** Finds what a call is about, and refuses what the bot may not reach, in the order of the real server. */
export class ChatAccess {
  readonly #chats: Chats;

  constructor(chats: Chats) {
    this.#chats = chats;
  }

  /** The chat of `chat_id`, for a call that only reads. */
  toRead(parameters: Parameters): ChatRecord {
    const id = parameters.text("chat_id");
    if (id === "") throw badRequest("chat_id is empty");
    const chat = this.#chats.byId(Number(id));
    if (chat === undefined) throw badRequest("chat not found");
    if (chat.type === "private") this.#checkStarted(chat);
    return chat;
  }

  /** The chat of `chat_id`, for a call that changes a message in it. */
  toEdit(parameters: Parameters): ChatRecord {
    const chat = this.toRead(parameters);
    if (chat.type === "private") {
      if (chat.isBlocked) throw forbidden("bot was blocked by the user");
    } else if (!chat.isBotMember) {
      throw forbidden(`bot was kicked from the ${chat.type} chat`);
    }
    return chat;
  }

  /** The chat of `chat_id`, for a call that adds to it or takes from it. */
  toWrite(parameters: Parameters): ChatRecord {
    const chat = this.toRead(parameters);
    if (chat.type !== "private" && chat.upgradedTo !== undefined) {
      throw badRequest("group chat was upgraded to a supergroup chat", { migrate_to_chat_id: chat.upgradedTo.id });
    }
    return this.toEdit(parameters);
  }

  /**
   * The topic of `message_thread_id`. Groups that are no forums ignore the parameter; the general topic of a forum has
   * no id that could be given; private chats have no topics here, so any id is unknown.
   */
  topic(chat: ChatRecord, parameters: Parameters): Topic | undefined {
    const id = parameters.integer("message_thread_id", { min: 0 });
    if (id === 0 || (chat.type !== "private" && !chat.isForum)) return undefined;
    const topic = chat.type === "private" ? undefined : chat.topics.get(id);
    if (topic === undefined) throw badRequest("message thread not found");
    return topic;
  }

  /** The message of `message_id`; `role` is what the refusal calls it: `message to edit`. */
  message(chat: ChatRecord, id: number, role: string): StoredMessage {
    const message = findMessage(chat, id);
    if (message === undefined) throw badRequest(`${role} not found`);
    return message;
  }

  #checkStarted(chat: PrivateChat): void {
    if (chat.isStarted) return;
    const groups = this.#chats.all.filter((other): other is GroupChat => other.type !== "private");
    const isKnown = groups.some((group) => group.members.some((member) => Number(member.id) === chat.id));
    if (isKnown) throw forbidden("bot can't initiate conversation with a user");
    throw badRequest("chat not found");
  }
}
