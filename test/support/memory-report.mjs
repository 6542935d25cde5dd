// A preload (`--import`): at SIGUSR2 the process collects its garbage and prints how much memory and how many open files
// it has, as a line of JSON among those of its log.
import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");
let reports = 0;

process.on("SIGUSR2", () => {
  collectGarbage();
  collectGarbage();
  reports += 1;
  const { heapUsed, rss } = process.memoryUsage();
  const files = readdirSync("/proc/self/fd").length;
  process.stdout.write(`${JSON.stringify({ msg: "memory", report: reports, heapUsed, rss, files })}\n`);
});
