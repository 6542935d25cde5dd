// A preload (`--import`): at SIGUSR2 the process prints, as a line of JSON among those of its log, the most memory that it
// had since the last time, and what it has after a collection of garbage. All in bytes.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");
const lookEveryMs = 5;
let reports = 0;
let peak = { rss: 0, heapUsed: 0, arrayBuffers: 0 };

function look() {
  const now = process.memoryUsage();
  for (const part of Object.keys(peak)) peak[part] = Math.max(peak[part], now[part]);
}

setInterval(look, lookEveryMs).unref();

process.on("SIGUSR2", () => {
  look();
  collectGarbage();
  collectGarbage();
  reports += 1;
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const now = { rss, heapUsed, arrayBuffers };
  process.stdout.write(`${JSON.stringify({ msg: "peak memory", report: reports, peak, now })}\n`);
  peak = now;
});
