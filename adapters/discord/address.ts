import type { Json, Target } from "../../src/adapter.ts";

/** Where an answer goes; what the core stores in `Target.address`. */
export type Address = ChannelAddress | InteractionAddress;

/** A channel, a thread or a private chat. */
export type ChannelAddress = {
  readonly kind: "channel";
  readonly channel: string;
  /** The person's message, which the first message of the answer replies to. */
  readonly replyTo?: string;
};

/** A slash command, answered through its own webhook until `expiresAt` and in `channel` afterwards. */
export type InteractionAddress = {
  readonly kind: "interaction";
  readonly interaction: string;
  readonly applicationId: string;
  /** A secret: whoever has it can answer in the bot's name. */
  readonly token: string;
  readonly channel: string;
  /** In milliseconds since the epoch, by the adapter's clock. */
  readonly expiresAt: number;
  /** Whether only the person who gave the command sees the answer. */
  readonly ephemeral: boolean;
};

/** A message that was sent, and the address it was sent through. */
export type SentMessage = { readonly message: string; readonly via: Address };

/**
 * Discord tells its limits only in the headers of its answers. Five messages in five seconds is what it has been seen to
 * allow for one channel, and for one interaction.
 */
const rate = [{ count: 5, perMs: 5_000 }];

export function targetOf(address: Address): Target {
  const budget =
    address.kind === "interaction" ? `discord:interaction:${address.interaction}` : `discord:${address.channel}`;
  return { budget, rate, address };
}

/** The address inside what the core kept as JSON. */
export function addressOf(json: Json): Address {
  return json as Address;
}

export function sentMessageOf(json: Json): SentMessage {
  return json as SentMessage;
}
