import type { User } from "grammy/types";
import type { Person, Revision, Room, ShownMessage } from "../chat-platform.ts";
import type { ChatRecord, Chats } from "./chats.ts";
import { labelsOf } from "./inline-keyboard.ts";
import { type StoredMessage, shownVersion, type Version } from "./messages.ts";

/** What people see of a room, oldest first: no deleted and no service messages. */
export function messagesIn(chats: Chats, room: Room, botId: number): readonly ShownMessage[] {
  const before = chats.placeAsMade(room);
  const now = chats.place(room);
  const all = before.chat === now.chat ? now.chat.messages : [...before.chat.messages, ...now.chat.messages];
  return all
    .filter((message) => message.topic?.id === now.topic?.id && isShown(message))
    .map((message) => shownMessage(message, botId));
}

/** A message as a test sees it: a picture of this moment, which does not change later. */
export function shownMessage(message: StoredMessage, botId: number): ShownMessage {
  const { id, from, replyTo, file } = message;
  const { text, keyboard } = shownVersion(message);
  return {
    id: String(id),
    room: message.topic?.room ?? message.chat.room,
    author: from.id === botId ? "bot" : personOf(from),
    text,
    ...(replyTo !== undefined && { replyToId: String(replyTo.id) }),
    media: file === undefined ? [] : [file.shown],
    buttons: labelsOf(keyboard),
    revisions: message.versions.map(revisionOf),
  };
}

/** Versions never change, and tests look at them again and again: each is turned into a revision once. */
const revisions = new WeakMap<Version, Revision>();

function revisionOf(version: Version): Revision {
  const known = revisions.get(version);
  if (known !== undefined) return known;
  const { at, text, entities } = version;
  const revision = { at, text, entities: entities.map((entity) => ({ ...entity })) };
  revisions.set(version, revision);
  return revision;
}

/** Everything that was said, room by room, with the time of each message and the number of its versions. */
export function transcriptOf(chats: Chats): string {
  const spoken = chats.all.filter((chat) => chat.messages.some(isShown));
  return spoken.length === 0 ? "(nothing was said)" : spoken.map(transcriptOfChat).join("\n\n");
}

function transcriptOfChat(chat: ChatRecord): string {
  const lines = chat.messages.filter(isShown).map((message) => {
    const time = new Date(message.versions[0].at).toISOString().slice(11, 23);
    const topic = message.topic === undefined ? "" : ` [${message.topic.room.title}]`;
    const versions = message.versions.length === 1 ? "" : ` (version ${message.versions.length})`;
    return `  ${time} #${message.id}${topic} ${message.from.first_name}${versions}: ${fileName(message)}${shownVersion(message).text}`;
  });
  return [`${chat.room.title} (${chat.type} ${chat.id})`, ...lines].join("\n");
}

function fileName({ file }: StoredMessage): string {
  return file === undefined ? "" : `[${file.shown.kind} ${file.shown.name}] `;
}

function isShown(message: StoredMessage): boolean {
  return !message.isDeleted && message.notice === undefined;
}

function personOf({ id, first_name, language_code }: User): Person {
  return { id: String(id), name: first_name, ...(language_code !== undefined && { locale: language_code }) };
}
