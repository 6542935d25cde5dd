// Accepts and advances turns as fast as it can, and prints the number of each one that is stored. Ends by being killed.
import { openSqliteStore } from "../../../dist/src/store/sqlite.js";

const store = openSqliteStore(process.argv[2], { clock: { now: Date.now, after: () => () => undefined } });
const origin = {
  platform: "telegram",
  sentAt: 0,
  author: { id: "1", name: "A", automated: false },
  chat: { key: "1", kind: "private" },
  target: { budget: "1", rate: [], address: 1 },
};
for (let number = 0; ; number += 1) {
  const id = String(number);
  const event = { ...origin, type: "message", id, text: "x".repeat(5_000), attachments: [], addressed: true };
  const conversation = { agent: "a", sessionName: "telegram:1", place: id };
  await store.acceptMessage(event, { id, conversation, locale: "en" });
  await store.saveTurnMessage(id, { part: 0, segment: 0, ref: { address: number }, textEnd: 1, sealed: false });
  await store.advanceTurn(id, { state: "answered", answer: "y".repeat(5_000) });
  process.stdout.write(`${id}\n`);
}
