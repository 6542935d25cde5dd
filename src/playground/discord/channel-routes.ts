import { editByForm, postForm, returnedJson } from "./bot-messages.ts";
import type { Channel } from "./community.ts";
import { channelJson } from "./community-json.ts";
import { messageDefaults } from "./mentions.ts";
import { type ReferenceForm, readMessageForm, requireSendable } from "./message-form.ts";
import { type Message, messageFlags, settableFlags } from "./messages.ts";
import { requireUploadable, requireWritable, visibleChannel } from "./permissions.ts";
import { type ApiAnswer, refuse, refuseField } from "./refusals.ts";
import { type ApiRequest, type Route, route } from "./router.ts";
import { isSnowflake } from "./snowflakes.ts";
import { openThread } from "./threads.ts";
import type { World } from "./world.ts";

/** Channels, their messages and typing. */
export function channelRoutes(world: World): readonly Route[] {
  const inChannel = (request: ApiRequest) => visibleChannel(world.community, request.path.channel_id);
  const messages = "/channels/:channel_id/messages";
  return [
    route("GET", "/channels/:channel_id", (request) => ok(channelJson(inChannel(request), world.community.bot))),
    route("PATCH", "/channels/:channel_id", (request) => changeThread(world, inChannel(request), request)),
    route("POST", messages, (request) => createMessage(world, inChannel(request), request)),
    route("GET", messages, (request) => listMessages(world, inChannel(request), request.query)),
    route("GET", `${messages}/:message_id`, (request) => {
      return ok(returnedJson(world, sharedMessage(world, inChannel(request), request)));
    }),
    route("PATCH", `${messages}/:message_id`, (request) => editMessage(world, inChannel(request), request)),
    route("DELETE", `${messages}/:message_id`, (request) => deleteMessage(world, inChannel(request), request)),
    route("POST", "/channels/:channel_id/typing", (request) => startTyping(world, inChannel(request))),
  ];
}

/** Of all that can be changed only whether a thread is archived. */
function changeThread(world: World, channel: Channel, request: ApiRequest): ApiAnswer {
  requireWritable(world.community, channel);
  if (request.body.fields.archived === false) openThread(world, channel);
  return ok(channelJson(channel, world.community.bot));
}

function createMessage(world: World, channel: Channel, request: ApiRequest): ApiAnswer {
  const { bot } = world.community;
  const form = readMessageForm(request.body);
  requireSendable(form);
  requireWritable(world.community, channel);
  requireUploadable(channel, form);
  const twin = form.enforceNonce && form.nonce !== undefined ? world.messages.byNonce(bot, form.nonce) : undefined;
  if (twin) return ok(returnedJson(world, twin));
  const reference = form.reference && referencedMessage(world, channel, form.reference);
  openThread(world, channel);
  const draft = {
    channel,
    type: reference ? (19 as const) : (0 as const),
    flags: (form.flags ?? 0) & settableFlags,
    ...(reference ? { reference } : {}),
    ...(form.nonce === undefined ? {} : { nonce: form.nonce }),
  };
  const mention = { defaults: messageDefaults, repliedTo: reference?.author };
  return ok(returnedJson(world, postForm(world, form, draft, mention)));
}

/** The message that is replied to. When it is gone the answer is an error, or a message that replies to nothing. */
function referencedMessage(world: World, channel: Channel, reference: ReferenceForm): Message | undefined {
  const message = world.messages.find(channel, reference.messageId);
  if (message && !message.onlyFor) return message;
  if (!reference.failIfNotExists) return undefined;
  throw refuseField(["message_reference"], "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
}

function listMessages(world: World, channel: Channel, query: URLSearchParams): ApiAnswer {
  const limit = Number(query.get("limit") ?? 50);
  if (!(limit >= 1)) {
    throw refuseField(["limit"], "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.");
  }
  if (limit > 100) {
    throw refuseField(["limit"], "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.");
  }
  const ids: { before?: string; after?: string; around?: string } = {};
  for (const name of ["before", "after", "around"] as const) {
    const id = query.get(name);
    if (id === null) continue;
    if (!isSnowflake(id)) throw refuseField([name], "NUMBER_TYPE_COERCE", `Value "${id}" is not snowflake.`);
    ids[name] = id;
  }
  return ok(world.messages.history(channel, { ...ids, limit }).map((message) => returnedJson(world, message)));
}

/** Without `allowed_mentions` an edit gets the default ones, whatever the message was created with. */
function editMessage(world: World, channel: Channel, request: ApiRequest): ApiAnswer {
  const message = sharedMessage(world, channel, request);
  if (message.author !== world.community.bot) throw refuse("notTheAuthor");
  if (channel.threadState !== "active") throw refuse("archivedThread");
  const form = readMessageForm(request.body);
  world.limits.admitEdit(channel.id, message.createdAt);
  const mention = { defaults: messageDefaults, repliedTo: message.reference?.author };
  return ok(returnedJson(world, editByForm(world, message, form, mention)));
}

function deleteMessage(world: World, channel: Channel, request: ApiRequest): ApiAnswer {
  const message = sharedMessage(world, channel, request);
  if (message.author !== world.community.bot) {
    throw refuse(channel.guild ? "missingPermissions" : "notInPrivateChannel");
  }
  world.messages.remove(message);
  return { status: 204 };
}

function startTyping(world: World, channel: Channel): ApiAnswer {
  requireWritable(world.community, channel);
  world.typing.start(channel.id);
  return { status: 204 };
}

/** A message that everyone sees; the API of channels does not know the others. */
function sharedMessage(world: World, channel: Channel, request: ApiRequest): Message {
  const message = world.messages.find(channel, request.path.message_id ?? "");
  if (!message || (message.flags & messageFlags.ephemeral) !== 0) throw refuse("unknownMessage");
  return message;
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}
