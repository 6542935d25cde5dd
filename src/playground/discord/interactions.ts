import type { Clock } from "../../clock.ts";
import type { Person, Room } from "../chat-platform.ts";
import type { Account, Channel } from "./community.ts";
import type { Choice } from "./completions.ts";
import { type Message, type MessageOrigin, messageFlags } from "./messages.ts";
import { refuse } from "./refusals.ts";

/** The first answer must come within this. */
const answerWithinMs = 3_000;
/** How long the token can be used for further answers. */
const tokenLastsMs = 15 * 60_000;

/** What the person saw as failed. */
export interface FailedInteraction {
  readonly at: number;
  readonly person: Person;
  readonly room: Room;
  /** The command's name, or the custom id of the component. */
  readonly name: string;
  readonly reason: "not answered within 3 s" | "still loading after 15 min";
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  /** A completion asks what to offer to a person who types a command. */
  readonly kind: "command" | "component" | "completion";
  readonly name: string;
  readonly person: Account;
  readonly channel: Channel;
  readonly createdAt: number;
  /** The message whose component was pressed. */
  readonly pressed?: Message;
  /** Of a completion: takes what the bot offers; nothing when that does not come in time. */
  readonly onChoices?: (choices: readonly Choice[] | undefined) => void;
  state: "waiting" | "acknowledged" | "failed";
  /** The message that `@original` means. */
  original?: Message | undefined;
}

export interface InteractionsOptions {
  readonly clock: Clock;
  readonly nextId: () => string;
  readonly onFailure: () => void;
}

/** The interactions that people started, with their deadlines. */
export class Interactions {
  readonly failed: FailedInteraction[] = [];
  readonly #options: InteractionsOptions;
  readonly #byToken = new Map<string, Interaction>();
  readonly #deadlines = new Set<() => void>();

  constructor(options: InteractionsOptions) {
    this.#options = options;
  }

  begin(start: Pick<Interaction, "kind" | "name" | "person" | "channel" | "pressed" | "onChoices">): Interaction {
    const id = this.#options.nextId();
    const interaction: Interaction = {
      ...start,
      id,
      token: Buffer.from(`interaction:${id}:${start.person.id}`).toString("base64url"),
      createdAt: this.#options.clock.now(),
      state: "waiting",
    };
    this.#byToken.set(interaction.token, interaction);
    this.#schedule(answerWithinMs, () => this.#missFirstDeadline(interaction));
    this.#schedule(tokenLastsMs, () => this.#expire(interaction));
    return interaction;
  }

  /** The interaction that waits for its first answer; refuses a second answer, and one that comes too late. */
  waiting(id: string, token: string): Interaction {
    const interaction = this.#byToken.get(token);
    if (interaction?.id !== id || interaction.state === "failed") throw refuse("unknownInteraction");
    if (interaction.state === "acknowledged") throw refuse("alreadyAcknowledged");
    return interaction;
  }

  /** The interaction that a webhook token belongs to, while it can be used. */
  byWebhookToken(token: string): Interaction {
    const interaction = this.#byToken.get(token);
    if (!interaction) throw refuse("invalidWebhookToken");
    if (this.#options.clock.now() - interaction.createdAt >= tokenLastsMs) throw refuse("invalidWebhookToken");
    if (interaction.state !== "acknowledged" || interaction.kind === "completion") throw refuse("unknownWebhook");
    return interaction;
  }

  close(): void {
    for (const cancel of this.#deadlines) cancel();
    this.#deadlines.clear();
  }

  #missFirstDeadline(interaction: Interaction): void {
    if (interaction.state !== "waiting") return;
    interaction.state = "failed";
    this.#fail(interaction, "not answered within 3 s");
    interaction.onChoices?.(undefined);
  }

  #expire(interaction: Interaction): void {
    if (isLoading(interaction)) this.#fail(interaction, "still loading after 15 min");
  }

  #fail(interaction: Interaction, reason: FailedInteraction["reason"]): void {
    const { person, channel, name } = interaction;
    this.failed.push({ at: this.#options.clock.now(), person, room: channel.room, name, reason });
    this.#options.onFailure();
  }

  #schedule(delayMs: number, act: () => void): void {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#deadlines.delete(cancel);
      act();
    });
    this.#deadlines.add(cancel);
  }
}

/** Whether the person sees the bot thinking: deferred, and not filled in yet. */
export function isLoading(interaction: Interaction): boolean {
  const { original } = interaction;
  return original !== undefined && !original.deleted && (original.flags & messageFlags.loading) !== 0;
}

/** What a message that answers the interaction keeps of it. */
export function originOf(interaction: Interaction): MessageOrigin {
  return {
    interactionId: interaction.id,
    kind: interaction.kind === "component" ? "component" : "command",
    name: interaction.name,
    person: interaction.person,
    ...(interaction.pressed ? { pressed: interaction.pressed } : {}),
  };
}
