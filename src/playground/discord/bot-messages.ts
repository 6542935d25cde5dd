import type { APIMessage } from "discord-api-types/v10";
import type { Account } from "./community.ts";
import type { StoredFile } from "./files.ts";
import { type AllowedMentions, findMentions, type Mentions } from "./mentions.ts";
import { type MessageForm, uploadsOf } from "./message-form.ts";
import { messageJson } from "./message-json.ts";
import { type Message, type MessageDraft, messageFlags } from "./messages.ts";
import { refuse } from "./refusals.ts";
import { isVoice } from "./voice-messages.ts";
import type { World } from "./world.ts";

export interface MentionDefaults {
  /** What counts when the request carries no `allowed_mentions`. */
  readonly defaults: AllowedMentions;
  readonly repliedTo?: Account | undefined;
}

/** Posts what the bot's request holds; `draft` is what the route adds. */
export function postForm(
  world: World,
  form: MessageForm,
  draft: Omit<MessageDraft, "author" | "content" | "mentions">,
  mention: MentionDefaults,
): Message {
  return world.messages.post({
    author: world.community.bot,
    content: form.content ?? "",
    mentions: mentionsOf(world, form, draft.channel, mention),
    embeds: form.embeds ?? [],
    components: form.components ?? [],
    attachments: storeFiles(world, form, draft.channel),
    ...draft,
  });
}

/** Applies an edit of the bot: what the request leaves out stays. */
export function editByForm(world: World, message: Message, form: MessageForm, mention: MentionDefaults): Message {
  if (isVoice(message)) throw refuse("voiceIsFinal");
  const kept = message.attachments.filter(({ id }) => form.kept?.includes(id) ?? true);
  const change = {
    content: form.content ?? message.content,
    embeds: form.embeds ?? message.embeds,
    components: form.components ?? message.components,
    attachments: [...kept, ...storeFiles(world, form, message.channel)],
    flags: editedFlags(message.flags, form.flags),
  };
  const { content, embeds, components, attachments } = change;
  if (!content && !embeds.length && !components.length && !attachments.length) throw refuse("emptyMessage");
  world.messages.edit(message, {
    ...change,
    ...(form.content === undefined ? {} : { mentions: mentionsOf(world, form, message.channel, mention) }),
  });
  return message;
}

function storeFiles(world: World, form: MessageForm, channel: Message["channel"]): readonly StoredFile[] {
  return uploadsOf(form).map((upload) => world.files.add(channel.id, upload));
}

/** Of all flags an edit changes this one alone. */
function editedFlags(flags: number, asked: number | undefined): number {
  if (asked === undefined) return flags;
  return (flags & ~messageFlags.suppressEmbeds) | (asked & messageFlags.suppressEmbeds);
}

/** A message as the API returns it to the bot. */
export function returnedJson(world: World, message: Message): APIMessage {
  return messageJson(message, { bot: world.community.bot, contentGranted: world.contentGranted });
}

function mentionsOf(
  world: World,
  form: MessageForm,
  channel: Message["channel"],
  { defaults, repliedTo }: MentionDefaults,
): Mentions {
  return findMentions(form.content ?? "", form.allowedMentions ?? defaults, {
    channel,
    author: world.community.bot,
    members: world.community.membersOf(channel),
    ...(repliedTo ? { repliedTo } : {}),
  });
}
