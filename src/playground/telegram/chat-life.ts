import type { User } from "grammy/types";
import type { Person, Room } from "../chat-platform.ts";
import type { BotAccount } from "./bot-account.ts";
import type { BotInbox } from "./bot-inbox.ts";
import type { Chats, GroupChat } from "./chats.ts";
import type { Messages, ServiceNotice, StoredMessage } from "./messages.ts";

interface Parts {
  readonly bot: BotAccount;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly inbox: BotInbox;
}

const TOPIC_ICON_COLOR = 7_322_096;

/** What happens to chats as a whole: blocking, topics, the move to a supergroup, the bot thrown out. */
export class ChatLife {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A forum starts as in life with a message that it was made, which the bot was not there to see. */
  createGroup(title: string, members: readonly Person[], isForum: boolean): GroupChat {
    const group = this.#parts.chats.addGroup(title, members, isForum);
    if (isForum) this.#addNotice(group, { supergroup_chat_created: true });
    return group;
  }

  setBlocked(person: Person, isBlocked: boolean): void {
    const chat = this.#parts.chats.privateChat(person);
    if (chat.isBlocked === isBlocked) return;
    chat.isBlocked = isBlocked;
    this.#parts.inbox.membershipChanged(chat, chat.user, !isBlocked);
  }

  setBotMember(room: Room, isMember: boolean): void {
    const group = this.#parts.chats.group(room);
    if (group.isBotMember === isMember) return;
    group.isBotMember = isMember;
    this.#parts.inbox.membershipChanged(group, this.#admin(group), isMember);
  }

  /** Both chats get a service message that names the other. */
  upgrade(group: GroupChat): GroupChat {
    if (group.type === "supergroup") throw new Error(`${group.room.title} is a supergroup already.`);
    const upgraded = this.#parts.chats.upgrade(group);
    this.#parts.inbox.messageSent(this.#addNotice(group, { migrate_to_chat_id: upgraded.id }));
    this.#parts.inbox.messageSent(this.#addNotice(upgraded, { migrate_from_chat_id: group.id }));
    return upgraded;
  }

  /** Opens a topic. A group becomes a supergroup first, because only those can be forums. */
  openTopic(room: Room, title: string): Room {
    const group = this.#parts.chats.group(room);
    const forum = group.type === "group" ? this.upgrade(group) : group;
    forum.isForum = true;
    const opening = this.#addNotice(forum, { forum_topic_created: { name: title, icon_color: TOPIC_ICON_COLOR } });
    const topic = this.#parts.chats.addTopic(forum, title, opening);
    this.#parts.inbox.messageSent(opening);
    return topic.room;
  }

  /** The bot is not told that a topic is gone. */
  deleteTopic(room: Room): void {
    const { chat, topic } = this.#parts.chats.place(room);
    if (chat.type === "private" || topic === undefined) throw new Error(`${room.title} is not a topic.`);
    chat.topics.delete(topic.id);
    for (const message of chat.messages) {
      if (message.topic === topic) this.#parts.messages.remove(message);
    }
  }

  #addNotice(chat: GroupChat, notice: ServiceNotice): StoredMessage {
    return this.#parts.messages.add({ chat, from: this.#admin(chat), text: "", entities: [], notice });
  }

  /** The first member; the bot itself in a group without people. */
  #admin(group: GroupChat): User {
    const [first] = group.members;
    return first === undefined ? this.#parts.bot : this.#parts.chats.user(first);
  }
}
