import type { CallKind } from "./metrics/observation.ts";
import { type Capacity, drafts, fiveInFiveSeconds, oneASecond, twentyAMinute } from "./metrics/optimum.ts";

/** From a call's arrival at the platform to its answer. */
export const latencyMs = 60;

export const roomNames = ["telegram-private", "telegram-group", "discord"] as const;
export type RoomName = (typeof roomNames)[number];

/** The models of the platforms' limits; `off` lets everything through. */
export type Profile = "A" | "B" | "C" | "off";

export interface RoomKind {
  readonly title: string;
  readonly platform: "telegram" | "discord";
  readonly capacity: Capacity;
}

export const rooms: Readonly<Record<RoomName, RoomKind>> = {
  "telegram-private": { title: "Telegram, private chat", platform: "telegram", capacity: oneASecond },
  "telegram-group": { title: "Telegram, group", platform: "telegram", capacity: twentyAMinute },
  discord: { title: "Discord, channel", platform: "discord", capacity: fiveInFiveSeconds },
};

export const draftCapacity = drafts;

/** Which limit a call counts against. */
export function limitOf(room: RoomName, profile: Profile): (kind: CallKind) => string {
  if (rooms[room].platform === "telegram")
    return (kind) => (kind === "draft" || kind === "typing" ? "presence" : "messages");
  return (kind) => (profile === "B" && kind === "post" ? "edit" : kind);
}
