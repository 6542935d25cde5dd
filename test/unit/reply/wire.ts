import type { ApiCall } from "../../../src/playground/chat-platform.ts";
import * as discord from "../../../src/playground/discord/index.ts";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import * as telegram from "../../../src/playground/telegram/index.ts";
import type { PlatformName } from "../../support/world.ts";

/** How a platform's wire names what a reply does, and how it refuses that. */
export interface Wire {
  readonly methods: Readonly<Record<"post" | "edit" | "any", string | RegExp>>;
  isMessageCall(call: ApiCall): boolean;
  isTypingCall(call: ApiCall): boolean;
  /** The text that a call carries, as it stands on the wire. */
  textOf(call: ApiCall): string;
  readonly typing: string;
  tooMany(seconds: number): FaultEffect;
  readonly badGateway: FaultEffect;
  readonly gone: FaultEffect;
  readonly forbidden: FaultEffect;
  readonly tooLong: FaultEffect;
  readonly unknown: FaultEffect;
}

export const wire: Readonly<Record<PlatformName, Wire>> = {
  telegram: {
    methods: { post: "sendMessage", edit: "editMessageText", any: /^(sendMessage|editMessageText)$/ },
    isMessageCall: ({ method }) => method === "sendMessage" || method === "editMessageText",
    isTypingCall: ({ method }) => method === "sendChatAction",
    textOf: ({ parameters }) => String(parameters.text),
    typing: "sendChatAction",
    tooMany: telegram.tooManyRequests,
    badGateway: telegram.badGatewayPage(),
    gone: telegram.messageToEditNotFound(),
    forbidden: telegram.botBlocked(),
    tooLong: telegram.messageTooLongToEdit(),
    unknown: { kind: "reply", status: 400, body: { ok: false, error_code: 400, description: "Bad Request: strange" } },
  },
  discord: {
    methods: {
      post: "POST /channels/:id/messages",
      edit: "PATCH /channels/:id/messages/:id",
      any: /^(POST|PATCH) \/channels\/:id\/messages/,
    },
    isMessageCall: ({ method }) => /^(POST|PATCH) \/channels\/:id\/messages/.test(method),
    isTypingCall: ({ method }) => method === "POST /channels/:id/typing",
    textOf: ({ parameters }) => String(parameters.content),
    typing: "POST /channels/:id/typing",
    tooMany: discord.rateLimited,
    badGateway: discord.cloudflareHtml(502),
    gone: discord.apiError(404, 10_008, "Unknown Message"),
    forbidden: discord.apiError(403, 50_007, "Cannot send messages to this user"),
    tooLong: {
      kind: "reply",
      status: 400,
      body: {
        code: 50_035,
        message: "Invalid Form Body",
        errors: {
          content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
        },
      },
    },
    unknown: discord.apiError(400, 50_109, "The request body contains invalid JSON."),
  },
};
