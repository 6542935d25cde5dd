import { type Clock, systemClock } from "../../clock.ts";
import { FaultPlan } from "../faults.ts";
import { ApiServer } from "./api-server.ts";
import { CallLog } from "./call-log.ts";
import { ChatLife } from "./chat-life.ts";
import { TelegramEmulator } from "./emulator.ts";
import { type LimitProfile, limitProfiles } from "./limit-profiles.ts";
import { createMethods, type Feature } from "./methods/index.ts";
import { People } from "./people.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { unauthorized } from "./refusal.ts";
import { ScopedClock } from "./scoped-clock.ts";
import { createState } from "./state.ts";

export type { TelegramCall } from "./call-log.ts";
export type { TelegramEmulator } from "./emulator.ts";
export * from "./fault-effects.ts";
export { type LimitProfile, limitProfiles } from "./limit-profiles.ts";
export type { Feature } from "./methods/index.ts";
export type { Draft } from "./presence.ts";

export interface TelegramEmulatorOptions {
  /** Default: the system's. Held polls, rate limits, expiries and dates go by it. */
  readonly clock?: Clock;
  /** On 127.0.0.1. Default: any free one. */
  readonly port?: number;
  /** Begins with the bot's numeric id and a colon. */
  readonly token?: string;
  /** Default: {@link limitProfiles}`.standard`. */
  readonly limits?: "off" | LimitProfile;
  /** From a call's arrival to its answer; the call takes effect half way. Default 0. */
  readonly latencyMs?: number;
  /** What an older Bot API server does not have. Default: it has everything. */
  readonly without?: readonly Feature[];
}

const DEFAULT_TOKEN = "7461203958:AAEmulatedBotTokenForThePlayground0";

const NO_LIMITS: LimitProfile = { name: "off", budgets: [] };

/** Starts a local Bot API server for one bot, which is in no chat yet. */
export async function startTelegramEmulator(options: TelegramEmulatorOptions = {}): Promise<TelegramEmulator> {
  const { token = DEFAULT_TOKEN, limits = limitProfiles.standard, latencyMs = 0, without = [] } = options;
  const clock = new ScopedClock(options.clock ?? systemClock);
  const state = createState(token, clock);
  const log = new CallLog(clock, () => state.changes.announce());
  const faults = new FaultPlan();
  let isTokenRevoked = false;
  const server = new ApiServer({
    methods: createMethods(state, new RateLimiter(limits === "off" ? NO_LIMITS : limits, clock), without),
    isTokenValid: (given) => given === token && !isTokenRevoked,
    faults,
    log,
    clock,
    latencyMs,
  });
  const port = await server.listen(options.port ?? 0);

  return new TelegramEmulator({
    state,
    people: new People(state),
    chatLife: new ChatLife(state),
    log,
    faults,
    token,
    apiRoot: `http://127.0.0.1:${port}`,
    revokeToken: () => {
      isTokenRevoked = true;
      state.polling.end(unauthorized());
    },
    close: async () => {
      await server.close();
      clock.cancelAll();
      state.changes.close();
    },
  });
}
