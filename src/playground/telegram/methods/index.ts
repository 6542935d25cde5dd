import { ChatAccess } from "../chat-access.ts";
import type { RateLimiter } from "../rate-limiter.ts";
import type { TelegramState } from "../state.ts";
import { callbackQueryMethods } from "./callback-queries.ts";
import { commandMethods } from "./commands.ts";
import { lookupMethods } from "./lookups.ts";
import { messageMethods } from "./messages.ts";
import type { Methods } from "./method.ts";
import { presenceMethods } from "./presence.ts";
import { updateMethods } from "./updates.ts";

/** Every method that the emulator knows. */
export function createMethods(state: TelegramState, limiter: RateLimiter): Methods {
  const access = new ChatAccess(state.chats);
  return {
    ...updateMethods(state),
    ...messageMethods({ ...state, access, limiter }),
    ...presenceMethods({ ...state, access, limiter }),
    ...commandMethods(state.commands),
    ...callbackQueryMethods(state.queries),
    ...lookupMethods({ ...state, access }),
  };
}
