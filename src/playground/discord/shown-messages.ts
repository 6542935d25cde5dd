import type { ShownFile } from "../chat-platform.ts";
import type { Account, Channel, Community } from "./community.ts";
import { buttonLabels } from "./components.ts";
import type { DiscordMessage } from "./discord-platform.ts";
import type { StoredFile } from "./files.ts";
import type { FailedInteraction } from "./interactions.ts";
import { type Message, messageFlags } from "./messages.ts";
import { isVoice } from "./voice-messages.ts";

/** A message as a person sees it now. */
export function shownMessage(message: Message, bot: Account): DiscordMessage {
  return {
    id: message.id,
    room: message.channel.room,
    author: message.author === bot ? "bot" : message.author,
    text: message.content,
    revisions: [...message.revisions],
    pings: [...message.pinged],
    loading: (message.flags & messageFlags.loading) !== 0,
    media: message.attachments.map((file) => shownFile(file, isVoice(message))),
    buttons: buttonLabels(message.components),
    ...(message.reference ? { replyToId: message.reference.id } : {}),
    ...(message.onlyFor ? { onlyFor: message.onlyFor } : {}),
  };
}

function shownFile({ name, mimeType, bytes }: StoredFile, isSpoken: boolean): ShownFile {
  const [type] = mimeType.split("/");
  const kind = type === "image" || type === "audio" || type === "video" ? type : "file";
  return { kind, name, mimeType, bytes, ...(isSpoken ? { isVoice: true } : {}) };
}

/** Everything that was said, room by room, with the interactions that failed there. */
export function transcriptOf(
  community: Community,
  messagesIn: (channel: Channel) => readonly Message[],
  failed: readonly FailedInteraction[],
): string {
  const rooms = [...community.channels.values()].map((channel) => {
    const said = messagesIn(channel).map((message) => ({ at: message.createdAt, line: messageLine(message) }));
    const failures = failed.filter((failure) => failure.room === channel.room);
    const missed = failures.map((failure) => ({ at: failure.at, line: failureLine(failure) }));
    const lines = [...said, ...missed].sort((a, b) => a.at - b.at).map(({ line }) => line);
    return [`[${channel.kind}: ${channel.title}]`, ...lines].join("\n");
  });
  return rooms.join("\n\n");
}

function messageLine(message: Message): string {
  const command =
    message.origin?.kind === "command" ? ` (to ${message.origin.person.name}'s /${message.origin.name})` : "";
  const only = message.onlyFor ? ` (only ${message.onlyFor.name} sees it)` : "";
  const loading = (message.flags & messageFlags.loading) !== 0 ? "is thinking…" : message.content;
  const files = message.attachments.map(({ name }) => ` [${name}]`).join("");
  return `${message.author.name}${command}${only}: ${loading}${files}`;
}

function failureLine(failure: FailedInteraction): string {
  return `! ${failure.person.name}'s "${failure.name}" failed: ${failure.reason}`;
}
