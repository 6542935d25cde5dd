import type { Clock } from "../../clock.ts";
import { Commands } from "./commands.ts";
import { type Channel, Community } from "./community.ts";
import { Files } from "./files.ts";
import { deletionEvent, type GatewayEvent, messageEvent } from "./gateway-events.ts";
import { Interactions } from "./interactions.ts";
import { Messages } from "./messages.ts";
import { type RateLimitProfile, RateLimits } from "./rate-limits.ts";
import { snowflakeSource } from "./snowflakes.ts";
import { Typing } from "./typing.ts";

/** Everything that both sides act on: the bot through the API, people by hand. */
export interface World {
  readonly clock: Clock;
  readonly nextId: () => string;
  readonly community: Community;
  readonly messages: Messages;
  readonly files: Files;
  readonly interactions: Interactions;
  readonly commands: Commands;
  readonly typing: Typing;
  readonly limits: RateLimits;
  /** Whether the developer portal grants the message-content intent; REST goes by that alone. */
  readonly contentGranted: boolean;
  /** Tells the bot, if it sees where it happened. */
  readonly tell: (channel: Channel, event: GatewayEvent) => void;
  /** Tells the bot what it may know wherever it happened. */
  readonly tellAlways: (event: GatewayEvent) => void;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly limits: RateLimitProfile | "off";
  readonly messageContentIntent: boolean;
  /** Where the CDN is, without a path. */
  readonly cdn: string;
  /** Called with everything the bot is to be told. */
  readonly onEvent: (event: GatewayEvent) => void;
  /** Called after every change that can be seen from outside. */
  readonly onChange: () => void;
}

export function createWorld({ clock, limits, messageContentIntent, cdn, onEvent, onChange }: WorldOptions): World {
  const nextId = snowflakeSource(clock);
  const now = () => clock.now();
  const community = new Community({ nextId, now });
  const typing = new Typing(clock, onChange);
  const tell = (channel: Channel, event: GatewayEvent) => {
    if (community.botSees(channel)) onEvent(event);
  };
  const messages = new Messages({
    nextId,
    now,
    onChange: (change, message) => {
      if (change === "created" && message.author === community.bot) typing.stop(message.channel.id);
      tell(message.channel, messageEvent(change, message, community.bot));
      onChange();
    },
    onRemoved: (messages) => {
      const [message] = messages;
      if (message) tell(message.channel, deletionEvent(messages, message.channel));
      onChange();
    },
  });
  return {
    clock,
    nextId,
    community,
    messages,
    files: new Files({ origin: cdn, nextId, now }),
    typing,
    interactions: new Interactions({ clock, nextId, onFailure: onChange }),
    commands: new Commands(nextId),
    limits: new RateLimits(clock, limits),
    contentGranted: messageContentIntent,
    tell,
    tellAlways: onEvent,
  };
}
