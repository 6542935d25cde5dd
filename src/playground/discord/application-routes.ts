import { channelJson, userJson } from "./community-json.ts";
import { type ApiAnswer, refuse } from "./refusals.ts";
import { type ApiRequest, type Route, route } from "./router.ts";
import type { World } from "./world.ts";

export interface GatewayInformation {
  /** Where clients connect. */
  readonly url: string;
  /** IDENTIFYs that were accepted so far. */
  readonly identified: number;
}

/** IDENTIFYs in 24 hours. */
const sessionStarts = 1_000;
const dayMs = 86_400_000;

/** Who the bot is, where the gateway is, which commands there are, private channels. */
export function applicationRoutes(world: World, gateway: GatewayInformation): readonly Route[] {
  const { bot } = world.community;
  const commands = "/applications/:application_id/commands";
  const guildCommands = "/applications/:application_id/guilds/:guild_id/commands";
  return [
    route("GET", "/gateway", () => ok({ url: gateway.url }), false),
    route("GET", "/gateway/bot", () => ok(gatewayJson(gateway))),
    route("GET", "/users/@me", () =>
      ok({ ...userJson(bot), verified: true, mfa_enabled: false, email: null, flags: 0 }),
    ),
    route("GET", "/users/:user_id", (request) => ok(userJson(knownAccount(world, request.path.user_id)))),
    route("GET", "/applications/@me", () => ok(applicationJson(world))),
    route("GET", "/oauth2/applications/@me", () => ok(applicationJson(world))),
    route("GET", commands, (request) => listCommands(world, request)),
    route("PUT", commands, (request) => overwriteCommands(world, request)),
    route("GET", guildCommands, (request) => listCommands(world, request)),
    route("PUT", guildCommands, (request) => overwriteCommands(world, request)),
    route("POST", "/users/@me/channels", (request) => openPrivateChannel(world, request)),
  ];
}

function gatewayJson(gateway: GatewayInformation): object {
  return {
    url: gateway.url,
    shards: 1,
    session_start_limit: {
      total: sessionStarts,
      remaining: Math.max(0, sessionStarts - gateway.identified),
      reset_after: dayMs,
      max_concurrency: 1,
    },
  };
}

function applicationJson(world: World): object {
  const { bot } = world.community;
  return {
    id: bot.id,
    name: bot.name,
    description: "",
    icon: null,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    flags: world.contentGranted ? 1 << 19 : 0,
    bot: userJson(bot),
    owner: userJson(bot),
    team: null,
    approximate_guild_count: [...world.community.guilds.values()].filter((guild) => guild.botIsMember).length,
  };
}

function listCommands(world: World, request: ApiRequest): ApiAnswer {
  return ok(world.commands.list(commandGuild(world, request)).map((command) => command.json));
}

function overwriteCommands(world: World, request: ApiRequest): ApiAnswer {
  const guildId = commandGuild(world, request);
  const list = Object.values(request.body.fields);
  return ok(world.commands.overwrite(world.community.bot.id, guildId, list).map((command) => command.json));
}

/** The guild of the path, if there is one; only the bot's own application may be asked for. */
function commandGuild(world: World, request: ApiRequest): string | undefined {
  if (request.path.application_id !== world.community.bot.id) throw refuse("notYourApplication");
  const guildId = request.path.guild_id;
  if (guildId !== undefined && !world.community.guilds.get(guildId)?.botIsMember) throw refuse("missingAccess");
  return guildId;
}

function openPrivateChannel(world: World, request: ApiRequest): ApiAnswer {
  const account = world.community.accounts.get(String(request.body.fields.recipient_id));
  if (!account || account.bot) throw refuse("invalidRecipient");
  return ok(channelJson(world.community.privateChannel(account), world.community.bot));
}

function knownAccount(world: World, id: string | undefined) {
  const account = world.community.accounts.get(id ?? "");
  if (!account) throw refuse("unknownUser");
  return account;
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}
