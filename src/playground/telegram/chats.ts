import type { Chat, User } from "grammy/types";
import type { Person, Room } from "../chat-platform.ts";
import type { StoredMessage } from "./messages.ts";

interface ChatState {
  /** As the Bot API knows it: positive in private, negative in groups, below -1e12 in supergroups. */
  readonly id: number;
  readonly room: Room;
  readonly messages: StoredMessage[];
}

export interface PrivateChat extends ChatState {
  readonly type: "private";
  readonly user: User;
  /** Whether the person ever wrote to the bot: before that the bot may not write. */
  isStarted: boolean;
  isBlocked: boolean;
}

export interface GroupChat extends ChatState {
  readonly type: "group" | "supergroup";
  readonly members: readonly Person[];
  readonly topics: Map<number, Topic>;
  isForum: boolean;
  isBotMember: boolean;
  /** The supergroup that a group became. */
  upgradedTo?: GroupChat;
}

export type ChatRecord = PrivateChat | GroupChat;

/** A forum topic; its id is that of the service message that opened it. */
export interface Topic {
  readonly id: number;
  readonly room: Room;
  readonly opening: StoredMessage;
}

/** Where people write: a chat, or one topic of it. */
export interface Place {
  readonly chat: ChatRecord;
  readonly topic?: Topic;
}

/** All people, chats and topics of the emulator, and the rooms by which a test knows them. */
export class Chats {
  readonly #users = new Map<string, User>();
  readonly #chats = new Map<number, ChatRecord>();
  readonly #places = new Map<string, Place>();

  get all(): readonly ChatRecord[] {
    return [...this.#chats.values()];
  }

  addPerson(profile: { readonly name?: string; readonly locale?: string } = {}): Person {
    const id = nextUserId(this.#users.size);
    const name = profile.name ?? `Person ${this.#users.size + 1}`;
    const { locale } = profile;
    const user: User = { id, is_bot: false, first_name: name, ...(locale !== undefined && { language_code: locale }) };
    this.#users.set(String(id), user);
    const room: Room = { id: String(id), kind: "private", title: name };
    this.#register({ type: "private", id, room, user, messages: [], isStarted: false, isBlocked: false });
    return { id: String(id), name, ...(locale !== undefined && { locale }) };
  }

  /** Another bot; it has no private chat with this one. */
  addBot(name: string): Person {
    const id = nextUserId(this.#users.size);
    const username = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}_bot`;
    this.#users.set(String(id), { id, is_bot: true, first_name: name, username });
    return { id: String(id), name };
  }

  addGroup(title: string, members: readonly Person[], isForum: boolean): GroupChat {
    const type = isForum ? "supergroup" : "group";
    return this.#register(this.#newGroup({ title, members, isForum, type }));
  }

  /** Makes a supergroup of a group, as Telegram does when it needs what only supergroups have. The id changes. */
  upgrade(group: GroupChat): GroupChat {
    const { members } = group;
    const upgraded = this.#newGroup({ title: group.room.title, members, isForum: false, type: "supergroup" });
    group.upgradedTo = upgraded;
    return this.#register(upgraded);
  }

  addTopic(chat: GroupChat, title: string, opening: StoredMessage): Topic {
    const room: Room = { id: `${chat.id}:${opening.id}`, kind: "thread", title };
    const topic = { id: opening.id, room, opening };
    opening.topic = topic;
    chat.topics.set(topic.id, topic);
    this.#places.set(room.id, { chat, topic });
    return topic;
  }

  byId(id: number): ChatRecord | undefined {
    return this.#chats.get(id);
  }

  user(person: Person): User {
    const user = this.#users.get(person.id);
    if (user === undefined) throw new Error(`${person.name} is not a person of this emulator.`);
    return user;
  }

  privateChat(person: Person): PrivateChat {
    const chat = this.#chats.get(Number(person.id));
    if (chat?.type !== "private") throw new Error(`${person.name} has no private chat with the bot.`);
    return chat;
  }

  /** Where a room is now: in the supergroup, when its group became one. */
  place(room: Room): Place {
    const place = this.placeAsMade(room);
    const { chat } = place;
    return chat.type !== "private" && chat.upgradedTo !== undefined ? { chat: chat.upgradedTo } : place;
  }

  /** Where a room was when it was made: the messages from before an upgrade are there. */
  placeAsMade(room: Room): Place {
    const place = this.#places.get(room.id);
    if (place === undefined) throw new Error(`${room.title} is not a room of this emulator.`);
    return place;
  }

  group(room: Room): GroupChat {
    const { chat } = this.place(room);
    if (chat.type === "private") throw new Error(`${room.title} is not a group.`);
    return chat;
  }

  #newGroup(made: Pick<GroupChat, "members" | "isForum" | "type"> & { readonly title: string }): GroupChat {
    const { members, isForum, type } = made;
    const number = this.#chats.size;
    const id = type === "group" ? -4_512_000_000 - number : -1_002_137_000_000 - number;
    const room: Room = { id: String(id), kind: "group", title: made.title };
    return { type, id, room, members, messages: [], topics: new Map(), isForum, isBotMember: true };
  }

  #register<Made extends ChatRecord>(chat: Made): Made {
    this.#chats.set(chat.id, chat);
    this.#places.set(chat.room.id, { chat });
    return chat;
  }
}

/** The chat as it stands in messages. */
export function chatOnWire(chat: ChatRecord): Exclude<Chat, Chat.ChannelChat> {
  const { id } = chat;
  if (chat.type === "private") return { id, type: "private", first_name: chat.user.first_name };
  const { title } = chat.room;
  if (chat.type === "group") return { id, type: "group", title };
  return { id, type: "supergroup", title, ...(chat.isForum && { is_forum: true as const }) };
}

/** Every other id is above 2^31, as those of newer accounts are. */
function nextUserId(index: number): number {
  return (index % 2 === 0 ? 5_248_000_001 : 812_000_001) + index * 37;
}
