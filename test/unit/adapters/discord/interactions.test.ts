import type { GatewayInteractionCreateDispatchData } from "discord.js";
import { describe, expect, it } from "vitest";
import { isSlashCommand, toCommandEvent } from "../../../../adapters/discord/interactions.ts";

const now = Date.UTC(2026, 10, 20, 12);
const ann = { id: "200", username: "ann", discriminator: "0000", global_name: "Ann", avatar: null };

/** An INTERACTION_CREATE as in Discord's documentation: `/help` in a server's channel. */
function interaction(fields: Record<string, unknown> = {}): GatewayInteractionCreateDispatchData {
  const data = {
    id: "175928847299117063",
    application_id: "100",
    type: 2,
    token: "a-token",
    version: 1,
    data: { id: "5", name: "help", type: 1 },
    guild_id: "20",
    channel_id: "10",
    channel: { id: "10", type: 0, name: "general" },
    member: { user: ann, nick: "Annie", roles: [] },
    locale: "zh-CN",
    entitlements: [],
    app_permissions: "0",
    ...fields,
  };
  return data as unknown as GatewayInteractionCreateDispatchData;
}

function read(fields: Record<string, unknown> = {}, acknowledged = true) {
  const data = interaction(fields);
  if (!isSlashCommand(data)) throw new Error("This is no slash command.");
  return toCommandEvent(data, acknowledged, now);
}

it("reads a command of a server", () => {
  expect(read()).toEqual({
    type: "command",
    id: "175928847299117063",
    platform: "discord",
    sentAt: 1_462_015_105_796,
    author: { id: "200", name: "Annie", locale: "zh-CN", automated: false },
    chat: { key: "10", kind: "group", title: "general" },
    target: {
      budget: "discord:interaction:175928847299117063",
      rate: [{ count: 5, perMs: 5_000 }],
      isOutsideBotRate: true,
      address: {
        kind: "interaction",
        interaction: "175928847299117063",
        applicationId: "100",
        token: "a-token",
        channel: "10",
        person: "200",
        expiresAt: now + 900_000,
        ephemeral: true,
      },
    },
    name: "help",
    argument: "",
  });
});

it("reads a command of a private chat", () => {
  const privately = { guild_id: undefined, member: undefined, user: ann, channel: { id: "11", type: 1 } };
  expect(read(privately)).toMatchObject({
    author: { id: "200", name: "Ann" },
    chat: { key: "11", kind: "private" },
    target: { address: { channel: "11", ephemeral: false } },
  });
});

it("answers in the channel what was not acknowledged", () => {
  expect(read({}, false)?.target).toMatchObject({ budget: "discord:10", address: { kind: "channel", channel: "10" } });
});

describe("takes as the argument", () => {
  it.each([
    ["the option that holds text", [{ type: 3, name: "text", value: "tell me" }], "tell me"],
    ["nothing where there is none", [], ""],
    ["no option of another type", [{ type: 4, name: "text", value: 3 }], ""],
  ])("%s", (_, options, argument) => {
    expect(read({ data: { id: "5", name: "Ask", type: 1, options } })).toMatchObject({ name: "ask", argument });
  });
});

it.each([
  ["a button", { type: 3, data: { custom_id: "a", component_type: 2 } }],
  ["an autocompletion", { type: 4, data: { id: "5", name: "help", type: 1 } }],
  ["a command of a user's menu", { data: { id: "5", name: "help", type: 2 } }],
])("takes %s for no slash command", (_, fields) => expect(isSlashCommand(interaction(fields))).toBe(false));
