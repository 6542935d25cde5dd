interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Runs `work` once for all callers that ask for the same key at the same time. A caller whose signal aborts leaves with
 * the signal's reason and does not disturb the others; when all have left, the work's own signal aborts.
 */
export function singleFlight<T>(
  work: (key: string, signal: AbortSignal) => Promise<T>,
): (key: string, signal: AbortSignal) => Promise<T> {
  const flights = new Map<string, Flight<T>>();

  function forget(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key);
  }

  function start(key: string): Flight<T> {
    const controller = new AbortController();
    const flight = { result: work(key, controller.signal), controller, waiting: 0 };
    flights.set(key, flight);
    const settled = () => forget(key, flight);
    flight.result.then(settled, settled);
    return flight;
  }

  return async (key, signal) => {
    signal.throwIfAborted();
    const flight = flights.get(key) ?? start(key);
    flight.waiting += 1;
    try {
      return await untilAborted(flight.result, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        forget(key, flight);
        flight.controller.abort();
      }
    }
  };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
