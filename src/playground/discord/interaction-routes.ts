import { editByForm, postForm, returnedJson } from "./bot-messages.ts";
import { takeChoices } from "./completions.ts";
import { type Interaction, isLoading, originOf } from "./interactions.ts";
import { interactionDefaults } from "./mentions.ts";
import { type MessageForm, readMessageForm, requireSendable } from "./message-form.ts";
import { type Message, messageFlags, settableFlags } from "./messages.ts";
import { type ApiAnswer, refuse, refuseField } from "./refusals.ts";
import { type ApiRequest, type Route, route } from "./router.ts";
import type { World } from "./world.ts";

const mention = { defaults: interactionDefaults };

/** Answers to interactions. The token in the path is the credential, and no permission is needed to write with it. */
export function interactionRoutes(world: World): readonly Route[] {
  const on = (method: string, pattern: string, handle: Route["handle"]) => route(method, pattern, handle, false);
  const webhook = "/webhooks/:application_id/:interaction_token";
  return [
    on("POST", "/interactions/:interaction_id/:interaction_token/callback", (request) => respond(world, request)),
    on("POST", webhook, (request) => followUp(world, request)),
    on("GET", `${webhook}/messages/:message_id`, (request) => {
      return ok(world, findAnswer(world, interactionOf(world, request), request));
    }),
    on("PATCH", `${webhook}/messages/:message_id`, (request) => {
      const answer = findAnswer(world, interactionOf(world, request), request);
      return ok(world, editByForm(world, answer, readMessageForm(request.body), mention));
    }),
    on("DELETE", `${webhook}/messages/:message_id`, (request) => {
      world.messages.remove(findAnswer(world, interactionOf(world, request), request));
      return { status: 204 };
    }),
  ];
}

/**
 * Types: 4 a message, 5 a message to come; for a component also 6 nothing yet, 7 an edit of its message; for a completion
 * 8 alone, choices.
 */
function respond(world: World, request: ApiRequest): ApiAnswer {
  const { interaction_id: id = "", interaction_token: token = "" } = request.path;
  const form = readMessageForm(request.body, ["data"]);
  const interaction = world.interactions.waiting(id, token);
  if (interaction.kind === "completion") {
    takeChoices(interaction, request.body.fields);
    return { status: 204 };
  }
  const type = callbackType(interaction, request.body.fields.type);
  if (type === 4) requireSendable(form);
  interaction.state = "acknowledged";
  if (type === 4 || type === 5) {
    interaction.original =
      type === 4 ? postAnswer(world, interaction, form, 20) : postLoading(world, interaction, form);
  } else {
    interaction.original = interaction.pressed;
    if (type === 7 && interaction.pressed) editByForm(world, interaction.pressed, form, mention);
  }
  if (request.query.get("with_response") !== "true") return { status: 204 };
  return { status: 200, body: callbackJson(world, interaction, type) };
}

function callbackType(interaction: Interaction, type: unknown): 4 | 5 | 6 | 7 {
  if (type === 4 || type === 5) return type;
  if (interaction.pressed && (type === 6 || type === 7)) return type;
  const choices = interaction.pressed ? "(4, 5, 6, 7)" : "(4, 5)";
  throw refuseField(["type"], "BASE_TYPE_CHOICES", `Value must be one of ${choices}.`);
}

function callbackJson(world: World, interaction: Interaction, type: 4 | 5 | 6 | 7): object {
  const { original } = interaction;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.kind === "command" ? 2 : 3,
      ...(original
        ? {
            response_message_id: original.id,
            response_message_loading: isLoading(interaction),
            response_message_ephemeral: original.onlyFor !== undefined,
          }
        : {}),
    },
    resource: { type, ...(original && (type === 4 || type === 7) ? { message: returnedJson(world, original) } : {}) },
  };
}

/** Directly after a deferral a follow-up fills the deferred message in, as the docs keep it for old bots. */
function followUp(world: World, request: ApiRequest): ApiAnswer {
  const interaction = interactionOf(world, request);
  const form = readMessageForm(request.body);
  requireSendable(form);
  const { original } = interaction;
  if (original && isLoading(interaction)) return ok(world, editByForm(world, original, form, mention));
  return ok(world, postAnswer(world, interaction, form, 19));
}

function postAnswer(world: World, interaction: Interaction, form: MessageForm, type: 19 | 20): Message {
  return postForm(
    world,
    form,
    { type, flags: flagsOf(form) & (messageFlags.ephemeral | settableFlags), ...placeOf(interaction, form) },
    mention,
  );
}

/** The person sees the bot thinking. */
function postLoading(world: World, interaction: Interaction, form: MessageForm): Message {
  const flags = messageFlags.loading | (flagsOf(form) & messageFlags.ephemeral);
  const draft = { type: 20 as const, flags, ...placeOf(interaction, form) };
  return postForm(world, { ...form, content: "" }, draft, mention);
}

function flagsOf({ flags = 0 }: MessageForm): number {
  return flags;
}

function placeOf(interaction: Interaction, form: MessageForm) {
  const { channel, original, person } = interaction;
  return {
    channel,
    origin: { ...originOf(interaction), ...(original ? { original } : {}) },
    ...(original ? { reference: original } : {}),
    ...(flagsOf(form) & messageFlags.ephemeral ? { onlyFor: person } : {}),
  };
}

function interactionOf(world: World, request: ApiRequest): Interaction {
  if (request.path.application_id !== world.community.bot.id) throw refuse("unknownWebhook");
  return world.interactions.byWebhookToken(request.path.interaction_token ?? "");
}

/** `@original`, or a message that was sent with this interaction's token. */
function findAnswer(world: World, interaction: Interaction, request: ApiRequest): Message {
  const id = request.path.message_id ?? "";
  const message = id === "@original" ? interaction.original : world.messages.find(interaction.channel, id);
  const own = message === interaction.original || message?.origin?.interactionId === interaction.id;
  if (!message || message.deleted || !own) throw refuse("unknownMessage");
  return message;
}

function ok(world: World, message: Message): ApiAnswer {
  return { status: 200, body: returnedJson(world, message) };
}
