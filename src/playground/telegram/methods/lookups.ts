import type { UserFromGetMe } from "grammy/types";
import type { BotAccount } from "../bot-account.ts";
import type { BotInbox } from "../bot-inbox.ts";
import type { ChatAccess } from "../chat-access.ts";
import { chatOnWire } from "../chats.ts";
import type { Files } from "../files.ts";
import { Content, type Methods } from "./method.ts";

interface Parts {
  readonly bot: BotAccount;
  readonly inbox: BotInbox;
  readonly access: ChatAccess;
  readonly files: Files;
}

/** What the bot can look up: itself, a chat, a file. */
export function lookupMethods({ bot, inbox, access, files }: Parts): Methods {
  return {
    getMe: (): UserFromGetMe => ({
      ...bot,
      is_bot: true,
      can_join_groups: true,
      can_read_all_group_messages: !inbox.privacyMode,
      supports_guest_queries: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    }),

    getChat(parameters) {
      const chat = access.toRead(parameters);
      return {
        ...chatOnWire(chat),
        accent_color_id: Math.abs(chat.id) % 7,
        max_reaction_count: 11,
        accepted_gift_types: {
          unlimited_gifts: false,
          limited_gifts: false,
          unique_gifts: false,
          premium_subscription: false,
          gifts_from_channels: false,
        },
      };
    },

    getFile: (parameters) => files.get(parameters.text("file_id")),

    /** No method but the path `/file/bot<token>/<file_path>`: the name has a slash so that no method call finds it. */
    "/file": (parameters) => new Content(files.read(parameters.text("file_path"))),
  };
}
