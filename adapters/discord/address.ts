import type { CommandEvent, Json, Target } from "../../src/adapter.ts";

/** Where an answer goes; what the core stores in `Target.address`. */
export type Address = ChannelAddress | InteractionAddress;

/** A channel, a thread or a private chat. */
export type ChannelAddress = {
  readonly kind: "channel";
  readonly channel: string;
  /** The person's message, which the first message of the answer replies to. */
  readonly replyTo?: string;
};

/** A slash command, answered through its own webhook until `expiresAt` and in a channel afterwards. */
export type InteractionAddress = {
  readonly kind: "interaction";
  readonly interaction: string;
  readonly applicationId: string;
  /** A secret: whoever has it can answer in the bot's name. */
  readonly token: string;
  readonly channel: string;
  /** Who gave the command. */
  readonly person: string;
  /** In milliseconds since the epoch, by the adapter's clock. */
  readonly expiresAt: number;
  /** Whether only the person who gave the command sees the answer. */
  readonly ephemeral: boolean;
};

/** A message that was sent, and the address it was sent through. */
export type SentMessage = {
  readonly message: string;
  readonly via: Address;
  /** True for a voice message, which nothing can change. */
  readonly isVoice?: true;
};

/**
 * Discord tells its limits only in the headers of its answers. Five messages in five seconds is what it has been seen to
 * allow for one channel, and for one interaction.
 */
const rate = [{ count: 5, perMs: 5_000 }];

/** Answers to interactions are exempt from the bot's own limit, which holds for all channels together. */
export function targetOf(address: Address): Target {
  const budget = budgetOf(address);
  return address.kind === "interaction" ? { budget, rate, isOutsideBotRate: true, address } : { budget, rate, address };
}

/**
 * Where an answer goes that the person alone who gave a command is to read: through the command, and where that was not
 * acknowledged, as through one whose token has ended, into the person's private chat.
 */
export function privateTargetOf({ id, author, target }: CommandEvent): Target {
  const address = addressOf(target.address);
  if (address.kind === "interaction") return target;
  return targetOf({
    kind: "interaction",
    interaction: id,
    applicationId: "",
    token: "",
    channel: address.channel,
    person: author.id,
    expiresAt: 0,
    ephemeral: true,
  });
}

/** What calls to this address count against: the channel, or the interaction's own webhook. */
export function budgetOf(address: Address): string {
  return address.kind === "interaction" ? `discord:interaction:${address.interaction}` : `discord:${address.channel}`;
}

/** The address inside what the core kept as JSON. */
export function addressOf(json: Json): Address {
  return json as Address;
}

export function sentMessageOf(json: Json): SentMessage {
  return json as SentMessage;
}
