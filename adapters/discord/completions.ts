import { type APIApplicationCommandOptionChoice, InteractionResponseType, Routes } from "discord.js";
import type { AdapterLogger, CompletionRequest, Inbox } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";
import { ACKNOWLEDGE_WITHIN_MS, type Autocompletion, argumentOf, personOf } from "./interactions.ts";
import type { DiscordApi } from "./rest.ts";

interface Parts {
  readonly api: DiscordApi;
  readonly inbox: Pick<Inbox, "complete">;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
}

/** What is left of Discord's 3 seconds is for the answer's way. */
const COMPLETE_WITHIN_MS = 2_000;
const SEND_WITHIN_MS = ACKNOWLEDGE_WITHIN_MS - COMPLETE_WITHIN_MS;

/** What Discord shows at most. */
const MAX_CHOICES = 25;

/** Tells what to offer to a person who types an argument; nothing when that is not known in time. It never rejects. */
export async function answerAutocompletion(parts: Parts, interaction: Autocompletion): Promise<void> {
  const { api, logger } = parts;
  const choices = await choicesFor(parts, interaction);
  try {
    await api.call({
      method: "Post",
      route: Routes.interactionCallback(interaction.id, interaction.token),
      body: { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } },
      auth: false,
      timeoutMs: SEND_WITHIN_MS,
    });
  } catch (err) {
    logger.debug({ interaction: interaction.id, err }, "what a person could choose from came too late");
  }
}

async function choicesFor({ inbox, clock, logger }: Parts, interaction: Autocompletion) {
  const request = toCompletionRequest(interaction);
  if (!request) return [];
  const isSettled = new AbortController();
  const nothing = pause(clock, COMPLETE_WITHIN_MS, isSettled.signal).then(() => []);
  try {
    const completions = await Promise.race([inbox.complete(request), nothing]);
    return completions.slice(0, MAX_CHOICES).map(({ label, value }): APIApplicationCommandOptionChoice<string> => {
      return { name: label, value };
    });
  } catch (err) {
    logger.warn({ interaction: interaction.id, command: request.name, err }, "there is nothing to choose from");
    return [];
  } finally {
    isSettled.abort();
  }
}

function toCompletionRequest(interaction: Autocompletion): CompletionRequest | undefined {
  const person = personOf(interaction);
  if (!person) return undefined;
  const { platform, author, chat } = person;
  return { platform, author, chat, name: interaction.data.name.toLowerCase(), typed: argumentOf(interaction) };
}
