import { ChatAccess } from "../chat-access.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import type { TelegramState } from "../state.ts";
import { callbackQueryMethods } from "./callback-queries.ts";
import { commandMethods } from "./commands.ts";
import { editMethods } from "./edits.ts";
import { lookupMethods } from "./lookups.ts";
import { mediaMethods } from "./media.ts";
import { messageMethods } from "./messages.ts";
import type { Methods } from "./method.ts";
import { presenceMethods } from "./presence.ts";
import { updateMethods } from "./updates.ts";

/** What came late to the Bot API: drafts with 9.5, rich messages with 10.1. */
export type Feature = "drafts" | "rich";

const methodsOf: Readonly<Record<Feature, readonly string[]>> = {
  drafts: ["sendMessageDraft", "sendRichMessageDraft"],
  rich: ["sendRichMessage", "sendRichMessageDraft"],
};

/** Every method that the emulator knows, but for those of the features that it is to do without. */
export function createMethods(state: TelegramState, limiter: RateLimiter, without: readonly Feature[]): Methods {
  const access = new ChatAccess(state.chats);
  const methods: Methods = {
    ...updateMethods(state),
    ...messageMethods({ ...state, access, limiter }),
    ...mediaMethods({ ...state, access, limiter }),
    ...editMethods({ ...state, access, limiter, hasRich: !without.includes("rich") }),
    ...presenceMethods({ ...state, access, limiter }),
    ...commandMethods(state.commands),
    ...callbackQueryMethods(state.queries),
    ...lookupMethods({ ...state, access }),
  };
  const missing = without.flatMap((feature) => methodsOf[feature]);
  return Object.fromEntries(Object.entries(methods).filter(([name]) => !missing.includes(name)));
}
