/** Tells when a person, or the system, wants the program to end. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Ctrl-C, where the terminal makes a key of it instead of a signal. */
  readonly interrupt: () => void;
  /** From now on signals have their usual effect. */
  readonly close: () => void;
}

const signalNames = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const name of signalNames) process.on(name, interrupt);
  // Whoever read the output has gone, as `head` does when it has enough. What is written after that may fail, too.
  process.stdout.on("error", interrupt);
  return {
    signal: controller.signal,
    interrupt,
    close: () => {
      for (const name of signalNames) process.off(name, interrupt);
    },
  };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
