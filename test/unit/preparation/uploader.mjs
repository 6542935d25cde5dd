// Prepares the questions of its argument (JSON) with the built program. Prints for each, as JSON, its files and by how many
// bytes what the process holds outside its heap was larger than before at most; garbage does not count.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createDiscordAdapter } from "../../../dist/adapters/discord/index.js";
import { systemClock } from "../../../dist/src/clock.js";
import { createFixedToken } from "../../../dist/src/coze/auth.js";
import { createCozeClient } from "../../../dist/src/coze/client.js";
import { Preparation } from "../../../dist/src/preparation/preparation.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");
const { discord, coze, turns } = JSON.parse(process.argv[2]);
const ignore = () => undefined;
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const shared = { clock: systemClock, logger };
const adapter = createDiscordAdapter({ ...shared, ...discord, messageContent: false });
const mode = { kind: "agent", botId: "1" };
const tokens = createFixedToken(coze.token);
const agent = createCozeClient({ ...shared, base: coze.base, mode, tokens, idleTimeoutMs: 60_000 });
const preparation = new Preparation({
  ...shared,
  agent,
  store: { turn: async () => undefined },
  fileParameters: {},
  maxBytes: 512 * 2 ** 20,
});
const { signal } = new AbortController();

const outsideHeap = () => {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
};

for (const turn of turns) {
  const before = outsideHeap();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, outsideHeap());
  }, 10);
  const { files } = await preparation.prepare(turn, adapter, signal);
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify({ files, held: most - before })}\n`);
}
await adapter.stop();
