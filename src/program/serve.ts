import type { Logger } from "pino";
import { readConfig } from "../config/config.ts";
import { readEnvironment } from "../config/env.ts";
import { createLogger } from "../logger.ts";
import { startBridge } from "../main.ts";
import { describeTrouble } from "./trouble.ts";

/** Runs the bridge until SIGINT or SIGTERM. Resolves with the exit code. */
export async function serve(): Promise<number> {
  const { config, secrets } = readConfig(readEnvironment());
  const logger = createLogger(config.logLevel);
  const bridge = startBridge(config, secrets, logger);
  const end = untilTold(logger);
  const exitCode = await Promise.race([
    end,
    bridge.started.then(
      () => end,
      (error: unknown) => {
        const trouble = describeTrouble(error);
        process.stderr.write(trouble.text);
        return trouble.exitCode;
      },
    ),
  ]);
  await bridge.stop();
  logger.info({ exitCode }, "stopped");
  return exitCode;
}

/** Resolves with the exit code: at a signal with 0, at an error that nothing caught with 1. A second signal ends at once. */
function untilTold(logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    let isTold = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (isTold) process.exit(1);
      isTold = true;
      logger.info({ signal }, "stopping");
      resolve(0);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
    const onError = (error: unknown) => {
      logger.fatal({ err: error }, "an error that nothing caught");
      resolve(1);
    };
    process.on("uncaughtException", onError);
    process.on("unhandledRejection", onError);
  });
}
