import type { Api } from "grammy";
import type { Update } from "grammy/types";
import type { AdapterLogger, InboundEvent, Inbox } from "../../src/adapter.ts";
import { type Clock, pause } from "../../src/clock.ts";
import { PlatformError } from "../../src/errors.ts";
import { type GrammySignal, POLL_SECONDS } from "./api.ts";
import { albumOf, type Bundle, bundlesOf, MOST_UPDATES, mayGrow } from "./bundles.ts";
import { handledUpdates } from "./inbound.ts";
import { isConflict, problemOf, report, waitAfter } from "./polling-failures.ts";
import type { Reception } from "./reception.ts";
import type { StallWatch } from "./stall-watch.ts";

export interface PollingSetup {
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  readonly inbox: Inbox;
  readonly reception: Reception;
  readonly watch: StallWatch;
  readonly toEvent: (bundle: Bundle) => InboundEvent | undefined;
  /** Called with every update as soon as it comes, before it is its turn. Must not throw. */
  readonly acknowledge: (update: Update) => void;
}

/** How far the updates of a bot were taken, by one polling or by several in succession. */
export interface Progress {
  /** The first update that the inbox has not taken yet; 0 is the oldest that Telegram holds. */
  offset: number;
  /** While a webhook is set Telegram refuses every poll. */
  webhookRemoved: boolean;
  /** Those of which the last poll brought a part. */
  albums: ReadonlySet<string>;
}

/**
 * An album is one update for each file, and a poll may end between them: so long to wait for the others, in milliseconds.
 * Telegram answers with a single update when it is asked for the same again within half a second (Bot API server 10.0).
 */
const ALBUM_GATHERS_MS = 800;

/** A poll that shows soon whether receiving works again after a failure, and still long enough to meet another program. */
const TRIAL_SECONDS = 10;

/**
 * Offers every update to the inbox, in order, until `signal` is aborted; nothing else ends it, and it never rejects.
 * Telegram forgets an update when a later one is asked for, so none is asked for before the inbox has taken it: what was
 * not taken comes again, also after a crash. After the abort it changes nothing any more.
 */
export async function poll(setup: PollingSetup, progress: Progress, signal: AbortSignal): Promise<void> {
  const { clock, logger, reception, watch } = setup;
  let failures = 0;
  // The first answer comes at once, whether or not there are updates.
  let holdSeconds = 0;
  while (!signal.aborted) {
    try {
      await pollOnce(setup, { progress, holdSeconds }, signal);
      if (signal.aborted) return;
      if (failures > 0) logger.info({ failures }, "receiving from Telegram again");
      failures = 0;
      holdSeconds = POLL_SECONDS;
      reception.works();
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      holdSeconds = TRIAL_SECONDS;
      if (isConflict(error)) progress.webhookRemoved = false;
      const waitMs = waitAfter(error, failures);
      reception.fails(problemOf(error));
      report(logger, error, waitMs);
      watch.waitFor("the next try", waitMs);
      await pause(clock, waitMs, signal);
    }
  }
}

interface Step {
  readonly progress: Progress;
  readonly holdSeconds: number;
}

async function pollOnce(setup: PollingSetup, { progress, holdSeconds }: Step, signal: AbortSignal): Promise<void> {
  const { api, reception, watch, inbox } = setup;
  watch.waitFor("Telegram");
  if (!progress.webhookRemoved) {
    await api.deleteWebhook({}, signal as GrammySignal);
    progress.webhookRemoved = true;
  }
  const request = {
    offset: progress.offset,
    timeout: holdSeconds,
    limit: MOST_UPDATES,
    allowed_updates: handledUpdates,
  };
  const updates = await api.getUpdates(request, signal as GrammySignal);
  if (signal.aborted) return;
  if (!isBatch(updates)) throw unreadable();
  reception.heard();
  for (const update of updates) setup.acknowledge(update);
  const batch = { updates, settled: progress.albums };
  const bundles = bundlesOf(updates);
  progress.albums = new Set(updates.flatMap((update) => albumOf(update) ?? []));
  for (const [index, bundle] of bundles.entries()) {
    if (mayGrow(bundle, batch)) return pause(setup.clock, ALBUM_GATHERS_MS, signal);
    const event = convert(bundle, setup);
    watch.waitFor("the inbox");
    if (event !== undefined) await inbox.accept(event);
    if (signal.aborted) return;
    progress.offset = offsetAfter(updates, bundles.slice(index + 1));
  }
}

/** Where to go on: at the first update that is still to be taken, though others behind it were, or after all of them. */
function offsetAfter(updates: readonly Update[], left: readonly Bundle[]): number {
  const last = updates.at(-1)?.update_id ?? 0;
  return Math.min(...left.map(([first]) => first.update_id), last + 1);
}

/** An update without an id could never be passed, so a proxy's answer must not be taken for Telegram's. */
function isBatch(updates: unknown): boolean {
  return Array.isArray(updates) && updates.every((update) => Number.isSafeInteger(update?.update_id));
}

/** An update that can't be understood now never will be: holding on to it would block all that follow. */
function convert(
  bundle: Bundle,
  { toEvent, logger }: Pick<PollingSetup, "toEvent" | "logger">,
): InboundEvent | undefined {
  const [{ update_id: updateId }] = bundle;
  try {
    const event = toEvent(bundle);
    if (event === undefined) logger.debug({ updateId }, "skipped an update that needs no answer");
    return event;
  } catch (err) {
    logger.debug({ updateId, err }, "skipped an update that could not be understood");
    return undefined;
  }
}

function unreadable(): PlatformError {
  return new PlatformError("unknown", "the answer holds no list of updates", {
    platform: "telegram",
    method: "getUpdates",
  });
}
