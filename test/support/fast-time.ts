import type { Clock } from "../../src/clock.ts";

/** Time that runs faster than the world's, the same for every process that has part in it. */
export interface FastTime {
  readonly factor: number;
  /** For the emulators, and for whatever waits in the test. */
  readonly clock: Clock;
  /** The variables that make a process of Node live in this time. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves after so many milliseconds of this time. */
  pass(ms: number): Promise<void>;
  /** How long so much of this time takes outside, in milliseconds. */
  real(ms: number): number;
}

/** Begins a time that runs `factor` times faster from this moment on. */
export function startFastTime(factor: number): FastTime {
  const origin = Date.now();
  const preload = new URL(`./fast-time.mjs?factor=${factor}&origin=${origin}`, import.meta.url);
  const clock: Clock = {
    now: () => Math.floor(origin + (performance.timeOrigin + performance.now() - origin) * factor),
    after(delayMs, callback) {
      // As in fast-time.mjs: never early.
      const timer = setTimeout(callback, Math.ceil(delayMs / factor) + 1);
      return () => clearTimeout(timer);
    },
  };
  return {
    factor,
    clock,
    environment: { NODE_OPTIONS: `--import=${preload.href}` },
    pass: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    real: (ms) => ms / factor,
  };
}
