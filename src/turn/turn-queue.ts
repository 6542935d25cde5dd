/** The person asked to stop what is running. */
export class StoppedByPerson extends Error {
  override readonly name = "StoppedByPerson";
}

/** The process ends; what is unfinished goes on after the next start. */
export class ShuttingDown extends Error {
  override readonly name = "ShuttingDown";
}

/** In turns. */
export interface QueueDepth {
  readonly running: number;
  readonly waiting: number;
}

/** Work in order of arrival for each key, side by side for different keys. */
export class TurnQueue {
  readonly #lines = new Map<string, Item[]>();
  readonly #onError: (error: unknown) => void;
  #idle: (() => void)[] = [];
  #size = 0;

  /** `onError` hears of a task that rejects; the line goes on. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Whether `key` may have one more task without its line, or all lines together, growing beyond what a person can wait for. */
  hasRoom(key: string): boolean {
    return this.#size < mostInAll && (this.#lines.get(key)?.length ?? 0) < mostInLine;
  }

  /** How much runs, and how much waits. */
  get depth(): QueueDepth {
    return { running: this.#lines.size, waiting: this.#size - this.#lines.size };
  }

  /**
   * Runs `task` when everything queued before it under `key` has ended. Its signal aborts at {@link stop}, and when the
   * returned function is called.
   */
  enqueue(key: string, task: Task): (reason: Error) => void {
    const item: Item = { task, controller: new AbortController() };
    this.#size += 1;
    const line = this.#lines.get(key);
    if (line) line.push(item);
    else {
      this.#lines.set(key, [item]);
      void this.#work(key);
    }
    return (reason) => item.controller.abort(reason);
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
      this.#size -= 1;
    }
    this.#lines.delete(key);
    if (this.#lines.size > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}

const mostInLine = 20;
const mostInAll = 2000;

type Task = (signal: AbortSignal) => Promise<void>;

interface Item {
  readonly task: Task;
  readonly controller: AbortController;
}
