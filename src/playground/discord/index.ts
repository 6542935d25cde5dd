import { createServer, type Server } from "node:http";
import { systemClock } from "../../clock.ts";
import { Changes } from "../changes.ts";
import type { ApiCall } from "../chat-platform.ts";
import { FaultPlan } from "../faults.ts";
import { applicationRoutes } from "./application-routes.ts";
import { cdnListener, isDownload } from "./cdn.ts";
import { channelRoutes } from "./channel-routes.ts";
import type { DiscordEmulator, DiscordEmulatorOptions } from "./discord-platform.ts";
import { Emulator } from "./emulator.ts";
import { Gateway } from "./gateway.ts";
import { interactionRoutes } from "./interaction-routes.ts";
import { restListener } from "./rest-server.ts";
import { createWorld, type World } from "./world.ts";

export type { Permission } from "./community.ts";
export type { DiscordEmulator, DiscordEmulatorOptions, DiscordMessage, DiscordSayOptions } from "./discord-platform.ts";
export { apiError, cloudflareHtml, rateLimited, serverError } from "./fault-effects.ts";
export type { GatewayControl } from "./gateway.ts";
export type { FailedInteraction } from "./interactions.ts";
export type { RateLimitProfile } from "./rate-limits.ts";

/** A token in Discord's form that is no secret. */
const defaultToken = "MTAwMDAwMDAwMDAwMDAwMDAw.Emu1at.or-of-discord-has-no-secret-to-keep";
const defaultHeartbeatMs = 41_250;

/** Starts a Discord of its own on 127.0.0.1: REST version 10 and gateway. */
export async function startDiscordEmulator(options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> {
  const { clock = systemClock, token = defaultToken, messageContentIntent = false } = options;
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const calls: ApiCall[] = [];
  const faults = new FaultPlan();
  const changes: Changes = new Changes(() => emulator.transcript());
  const world = createWorld({
    clock,
    limits: options.limits ?? "A",
    messageContentIntent,
    cdn: `http://127.0.0.1:${port}`,
    onEvent: (event) => gateway.dispatch(event),
    onChange: () => changes.announce(),
  });
  const gateway = new Gateway({
    token,
    messageContentIntent,
    community: world.community,
    now: () => clock.now(),
    url: `ws://127.0.0.1:${port}/gateway`,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? defaultHeartbeatMs,
    onChange: () => changes.announce(),
  });
  const record = (call: ApiCall) => {
    // Calls end in another order than they came when one is held back.
    calls.splice(calls.findLastIndex((earlier) => earlier.at <= call.at) + 1, 0, call);
    changes.announce();
  };
  const cdn = cdnListener({ clock, files: world.files, faults, record });
  const rest = restListener({
    clock,
    token,
    latencyMs: options.latencyMs ?? 0,
    routes: [...applicationRoutes(world, gateway), ...channelRoutes(world), ...interactionRoutes(world)],
    limits: world.limits,
    faults,
    record,
  });
  server.on("request", (request, response) => (isDownload(request) ? cdn : rest)(request, response));
  server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  const environment = { DISCORD_TOKEN: token, DISCORD_API_BASE: `http://127.0.0.1:${port}/api` };
  const close = () => shutDown(server, gateway, world, changes);
  const emulator = new Emulator({ world, gateway, changes, calls, faults, environment, close });
  return emulator;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The emulator got no port."));
      else resolve(address.port);
    });
  });
}

/** Leaves no connection, no timer and nobody waiting. May be called twice. */
function shutDown(server: Server, gateway: Gateway, world: World, changes: Changes): Promise<void> {
  gateway.close();
  world.interactions.close();
  world.typing.close();
  changes.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
