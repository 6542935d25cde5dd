import { type Channel, type Community, isDenied } from "./community.ts";
import type { MessageForm } from "./message-form.ts";
import { refuse } from "./refusals.ts";
import { isVoice } from "./voice-messages.ts";

/** The channel of a path, if it is there and the bot sees it. */
export function visibleChannel(community: Community, id: string | undefined): Channel {
  const channel = community.channels.get(id ?? "");
  if (!channel || channel.isDeleted) throw refuse("unknownChannel");
  if (!community.botSees(channel)) throw refuse("missingAccess");
  return channel;
}

/** Refuses what the bot may not write: no permission, a closed private chat, a locked thread. */
export function requireWritable(community: Community, channel: Channel): void {
  if (channel.recipient && community.blocked.has(channel.recipient)) throw refuse("closedToBot");
  if (isDenied(channel, channel.parent ? "SEND_MESSAGES_IN_THREADS" : "SEND_MESSAGES")) {
    throw refuse("missingPermissions");
  }
  if (channel.threadState === "locked") throw refuse("archivedThread");
}

/** Refuses files where the bot may send none. Voice messages have a permission of their own and need no other. */
export function requireUploadable(channel: Channel, form: MessageForm): void {
  if (isVoice(form)) {
    if (isDenied(channel, "SEND_VOICE_MESSAGES")) throw refuse("voiceNotAllowed");
  } else if (form.files.length > 0 && isDenied(channel, "ATTACH_FILES")) {
    throw refuse("missingPermissions");
  }
}
