import { pause, systemClock } from "../../clock.ts";
import type { Emulators } from "../emulators.ts";
import { Exchange } from "../exchange.ts";
import { isSettled, type Result, resultOf } from "./result.ts";
import type { Scene } from "./scene.ts";
import { scenes } from "./scenes.ts";
import type { View } from "./view.ts";

/** A person's pause before they go on. */
const BREATH_MS = 2200;
/** Longest wait for the platforms' answers to the last calls. */
const SETTLING_MS = 1000;
/** Longest wait for the bridge to connect. */
const PATIENCE_MS = 30_000;

interface Played {
  readonly scene: Scene;
  readonly exchange: Exchange;
}

/** Resolves with whether the bridge has connected to every platform. */
export async function isConnected({ seats }: Emulators): Promise<boolean> {
  const connections = seats.map(({ chat }) =>
    chat.until("the bot's commands", () => chat.registeredCommands().length > 0, PATIENCE_MS),
  );
  return await Promise.all(connections).then(
    () => true,
    () => false,
  );
}

/**
 * Plays every scene, on all platforms at the same time, and resolves with what came of them once the last one is over:
 * a message that was right and changed afterwards counts as wrong.
 */
export async function performScenes({ seats, coze }: Emulators, view: View, signal: AbortSignal): Promise<Result[]> {
  const played: Played[] = [];
  for (const [index, scene] of scenes.entries()) {
    if (signal.aborted) break;
    for (const { exchange } of played.slice(-seats.length)) exchange.end();
    const exchanges = seats.map((seat) => new Exchange(seat));
    played.push(...exchanges.map((exchange) => ({ scene, exchange })));
    const over = exchanges.map(async (exchange) => {
      await scene.play(exchange, coze);
      await exchange.until(() => isSettled(exchange), SETTLING_MS);
    });
    view.begin(`${index + 1}/${scenes.length}  ${scene.title}`, exchanges);
    await Promise.all(over);
    if (!signal.aborted) view.end(exchanges.map((exchange) => resultOf(scene, exchange, coze)));
    await pause(systemClock, BREATH_MS, signal);
  }
  return played.map(({ scene, exchange }) => resultOf(scene, exchange, coze));
}
