// A preload (`--import`) that makes a process live `factor` times faster from `origin` on (milliseconds since the epoch):
// `Date`, `performance.now`, every timer and the timeouts of sockets. The program itself is the unmodified one. fast-time.ts says where it is used.
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import timers from "node:timers";
import promises from "node:timers/promises";
import { promisify } from "node:util";

const parameters = new URL(import.meta.url).searchParams;
const factor = Number(parameters.get("factor"));
const origin = Number(parameters.get("origin"));

const realPerformanceNow = performance.now.bind(performance);
const now = () => Math.floor(origin + (performance.timeOrigin + realPerformanceNow() - origin) * factor);

performance.now = () => realPerformanceNow() * factor;

Date.now = now;
globalThis.Date = new Proxy(Date, {
  construct: (target, values, asked) => Reflect.construct(target, values.length === 0 ? [now()] : values, asked),
  apply: (target) => new target(now()).toString(),
});
Date.prototype.constructor = Date;

// A timer of Node fires up to a millisecond early, which here is a long time: one more, so that none ever does.
const longestDelay = 2 ** 31 - 1;
function shortened(delay) {
  const ms = Number(delay);
  return ms >= 1 && ms <= longestDelay ? Math.ceil(ms / factor) + 1 : 1;
}

const real = { ...timers };
const realPromises = { ...promises };
const scheduler = promises.scheduler;
const realWait = scheduler.wait.bind(scheduler);

promises.setTimeout = (delay, ...rest) => realPromises.setTimeout(shortened(delay), ...rest);
promises.setInterval = (delay, ...rest) => realPromises.setInterval(shortened(delay), ...rest);
scheduler.wait = (delay, ...rest) => realWait(shortened(delay), ...rest);

timers.setTimeout = (callback, delay, ...rest) => real.setTimeout(callback, shortened(delay), ...rest);
timers.setInterval = (callback, delay, ...rest) => real.setInterval(callback, shortened(delay), ...rest);
Object.defineProperty(timers.setTimeout, promisify.custom, { get: () => promises.setTimeout });
globalThis.setTimeout = timers.setTimeout;
globalThis.setInterval = timers.setInterval;

const setSocketTimeout = Socket.prototype.setTimeout;
Socket.prototype.setTimeout = function setTimeout(delay, callback) {
  return setSocketTimeout.call(this, delay > 0 ? shortened(delay) : delay, callback);
};

syncBuiltinESMExports();
