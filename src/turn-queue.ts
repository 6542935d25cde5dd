/** The person asked to stop what is running. */
export class StoppedByPerson extends Error {
  override readonly name = "StoppedByPerson";
}

/** The process ends; what is unfinished goes on after the next start. */
export class ShuttingDown extends Error {
  override readonly name = "ShuttingDown";
}

/** Work in order of arrival for each key, side by side for different keys. */
export class TurnQueue {
  readonly #lines = new Map<string, Item[]>();
  readonly #onError: (error: unknown) => void;
  #idle: (() => void)[] = [];

  /** `onError` hears of a task that rejects; the line goes on. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Runs `task` when everything queued before it under `key` has ended. Its signal aborts at {@link stop}. */
  enqueue(key: string, task: Task): void {
    const item: Item = { task, controller: new AbortController() };
    const line = this.#lines.get(key);
    if (line) line.push(item);
    else {
      this.#lines.set(key, [item]);
      void this.#work(key);
    }
  }

  /** True while something runs or waits under `key`. */
  isBusy(key: string): boolean {
    return this.#lines.has(key);
  }

  /** Aborts all that runs or waits under `key`. What waits still runs, with an aborted signal, so that it can end properly. */
  stop(key: string, reason: Error): void {
    for (const { controller } of this.#lines.get(key) ?? []) controller.abort(reason);
  }

  stopAll(reason: Error): void {
    for (const key of this.#lines.keys()) this.stop(key, reason);
  }

  /** Resolves when nothing runs or waits. */
  async whenIdle(): Promise<void> {
    if (this.#lines.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #work(key: string): Promise<void> {
    const line = this.#lines.get(key) ?? [];
    for (let item = line[0]; item; item = line[0]) {
      try {
        await item.task(item.controller.signal);
      } catch (error) {
        this.#onError(error);
      }
      line.shift();
    }
    this.#lines.delete(key);
    if (this.#lines.size > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}

type Task = (signal: AbortSignal) => Promise<void>;

interface Item {
  readonly task: Task;
  readonly controller: AbortController;
}
