import type { Account } from "./community.ts";
import { channelJson, everyonePermissions, memberJson, userJson } from "./community-json.ts";
import type { Interaction } from "./interactions.ts";
import { messageJson } from "./message-json.ts";

const interactionTypes = { command: 2, component: 3, completion: 4 } as const;

/** INTERACTION_CREATE. A guild's carries the member, a private chat's the user; `data` is of the interaction's kind. */
export function interactionJson(interaction: Interaction, data: object, bot: Account): object {
  const { person, channel, pressed } = interaction;
  const { guild } = channel;
  return {
    id: interaction.id,
    application_id: bot.id,
    type: interactionTypes[interaction.kind],
    token: interaction.token,
    version: 1,
    data,
    channel_id: channel.id,
    channel: channelJson(channel, bot),
    locale: person.locale ?? "en-US",
    app_permissions: everyonePermissions,
    entitlements: [],
    authorizing_integration_owners: { "0": guild?.id ?? "0" },
    context: guild ? 0 : 1,
    attachment_size_limit: 10_485_760,
    ...(pressed ? { message: messageJson(pressed, { bot, contentGranted: false }) } : {}),
    ...(guild
      ? {
          guild_id: guild.id,
          guild: { id: guild.id, locale: "en-US", features: [] },
          guild_locale: "en-US",
          member: { ...memberJson(guild, person), permissions: everyonePermissions },
        }
      : { user: userJson(person) }),
  };
}
