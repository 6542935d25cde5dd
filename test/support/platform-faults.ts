import type { Room } from "../../src/playground/chat-platform.ts";
import { cloudflareHtml, rateLimited, serverError } from "../../src/playground/discord/index.ts";
import type { FaultEffect, FaultRule } from "../../src/playground/faults.ts";
import { badGatewayPage, internalServerError, tooManyRequests } from "../../src/playground/telegram/index.ts";
import type { PlatformName } from "./world.ts";

/** What can go wrong on any platform, in that platform's own words. */
export interface PlatformFaults {
  /** The methods that write, as faults name them. */
  readonly methods: { readonly send: string; readonly edit: string; readonly typing: string };
  /** The opening of a file that somebody sent. */
  readonly download: string;
  /** Nothing may be called for this many seconds. */
  rateLimit(seconds: number): FaultEffect;
  /** Refused by the platform itself, which failed. */
  readonly serverError: FaultEffect;
  /** Refused by what stands in front of the platform, in HTML. */
  readonly gatewayPage: FaultEffect;
}

export const platformFaults: Readonly<Record<PlatformName, PlatformFaults>> = {
  telegram: {
    methods: { send: "sendMessage", edit: "editMessageText", typing: "sendChatAction" },
    download: "/file",
    rateLimit: tooManyRequests,
    serverError: internalServerError(),
    gatewayPage: badGatewayPage(),
  },
  discord: {
    methods: {
      send: "POST /channels/:id/messages",
      edit: "PATCH /channels/:id/messages/:id",
      typing: "POST /channels/:id/typing",
    },
    download: "GET /attachments/:id/:id/:name",
    rateLimit: rateLimited,
    serverError: serverError(),
    gatewayPage: cloudflareHtml(502),
  },
};

/** Accepts the calls that concern a room. */
export function inRoom(room: Room): NonNullable<FaultRule["where"]> {
  return ({ chat_id, channel_id }) => String(chat_id ?? channel_id) === room.id;
}
