import { type APIMessage, MessageFlags, RESTJSONErrorCodes, Routes } from "discord.js";
import type { Clock } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { budgetOf, type InteractionAddress, type SentMessage } from "./address.ts";
import { discordCode, succeedIfGone } from "./errors.ts";
import { TOKEN_LIVES_MS } from "./interactions.ts";
import { isVoice, messageId, type NewMessage, requestOf } from "./message-body.ts";
import type { Counted } from "./rate-limits.ts";
import type { ApiRequest, DiscordApi } from "./rest.ts";

type Change = Pick<ApiRequest, "body" | "files">;

/** The deferred answer, which is filled in first. */
const original = "@original";

/** Answers to a slash command through its own webhook. */
export function createInteractionAnswers(api: DiscordApi, clock: Clock) {
  const started = new StartedInteractions(clock);
  const createdAt = clock.now();

  function patch(via: InteractionAddress, message: string, change: Change): Promise<unknown> {
    const route = Routes.webhookMessage(via.applicationId, via.token, message);
    return api.call({
      method: "Patch",
      route,
      ...change,
      auth: false,
      repeatable: message === original,
      counts: counted(via, "edit"),
    });
  }

  /** Whether the person still sees "thinking…". Only an earlier run of the program can have filled it in unseen. */
  async function isDeferred(via: InteractionAddress): Promise<boolean> {
    if (via.expiresAt - TOKEN_LIVES_MS >= createdAt) return true;
    const route = Routes.webhookMessage(via.applicationId, via.token, original);
    const { flags = 0 } = (await api.call({ method: "Get", route, auth: false, repeatable: true })) as APIMessage;
    return (flags & MessageFlags.Loading) !== 0;
  }

  async function remove(via: InteractionAddress, message: string): Promise<void> {
    const route = Routes.webhookMessage(via.applicationId, via.token, message);
    await succeedIfGone(api.call({ method: "Delete", route, auth: false }));
  }

  /** Nothing when there is no "thinking…" any more. */
  async function fillIn(via: InteractionAddress, message: NewMessage): Promise<SentMessage | undefined> {
    try {
      if (!(await isDeferred(via))) return undefined;
      // No edit makes a voice message of what is there.
      if (isVoice(message)) {
        await remove(via, original);
        return undefined;
      }
      const answer = await patch(via, original, requestOf(message));
      return { message: messageId(answer, "PATCH /webhooks/:id/:token/messages/@original"), via };
    } catch (error) {
      if (error instanceof PlatformError && discordCode(error) === RESTJSONErrorCodes.UnknownMessage) return undefined;
      throw error;
    }
  }

  async function followUp(via: InteractionAddress, message: NewMessage): Promise<SentMessage> {
    const flags = via.ephemeral ? message.flags | MessageFlags.Ephemeral : message.flags;
    const answer = await api.call({
      method: "Post",
      route: Routes.webhook(via.applicationId, via.token),
      query: { wait: "true" },
      ...requestOf({ ...message, flags }),
      auth: false,
      counts: counted(via, "post"),
    });
    return { message: messageId(answer, "POST /webhooks/:id/:token"), via };
  }

  return {
    async create(via: InteractionAddress, message: NewMessage): Promise<SentMessage> {
      if (started.has(via)) return followUp(via, message);
      const first = await fillIn(via, message);
      started.add(via);
      return first ?? followUp(via, message);
    },

    /** `body` is what changes. */
    async edit(via: InteractionAddress, message: string, body: object): Promise<void> {
      await patch(via, message, { body });
    },

    remove,
  };
}

function counted(via: InteractionAddress, call: Counted["call"]): Counted {
  return { budget: budgetOf(via), call };
}

/** The interactions whose deferred answer was filled in. What comes next are follow-ups. */
class StartedInteractions {
  readonly #expiry = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(address: InteractionAddress): boolean {
    return this.#expiry.has(address.interaction);
  }

  add(address: InteractionAddress): void {
    const now = this.#clock.now();
    for (const [interaction, expiresAt] of this.#expiry) {
      if (expiresAt <= now) this.#expiry.delete(interaction);
    }
    this.#expiry.set(address.interaction, address.expiresAt);
  }
}
