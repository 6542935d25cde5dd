import { beforeEach, describe, expect, it } from "vitest";
import { ShuttingDown, StoppedByPerson, TurnQueue } from "../../../src/turn/turn-queue.ts";
import { closedGate } from "../../support/gate.ts";

let queue: TurnQueue;
let errors: unknown[];
let events: string[];

beforeEach(() => {
  errors = [];
  events = [];
  queue = new TurnQueue((error) => errors.push(error));
});

/** Queues a task that notes its beginning and its end; it ends when the returned gate is opened. */
function enqueue(key: string, name: string) {
  const gate = closedGate();
  queue.enqueue(key, async (signal) => {
    events.push(`${name} begins${signal.aborted ? " stopped" : ""}`);
    await gate.opened;
    events.push(`${name} ends${signal.aborted ? ` by ${signal.reason.name}` : ""}`);
  });
  return gate;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a line", () => {
  it("runs its tasks one after the other, in the order of arrival", async () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => enqueue("line", name));
    b?.open();
    c?.open();
    await turn();
    expect(events).toEqual(["a begins"]);
    a?.open();
    await queue.whenIdle();
    expect(events).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("does not wait for another line", async () => {
    const slow = enqueue("slow", "slow");
    enqueue("quick", "quick").open();
    await turn();
    expect(events).toEqual(["slow begins", "quick begins", "quick ends"]);
    slow.open();
    await queue.whenIdle();
  });

  it("goes on after a task that rejects or throws, which is told", async () => {
    const [first, second] = [new Error("first"), new Error("second")];
    queue.enqueue("line", () => Promise.reject(first));
    queue.enqueue("line", () => {
      throw second;
    });
    enqueue("line", "next").open();
    await queue.whenIdle();
    expect(errors).toEqual([first, second]);
    expect(events).toEqual(["next begins", "next ends"]);
  });

  it("is busy from the first task to the end of the last", async () => {
    expect(queue.isBusy("line")).toBe(false);
    const gates = [enqueue("line", "a"), enqueue("line", "b")];
    expect(queue.isBusy("line")).toBe(true);
    expect(queue.isBusy("other")).toBe(false);
    gates[0]?.open();
    await turn();
    expect(queue.isBusy("line")).toBe(true);
    gates[1]?.open();
    await queue.whenIdle();
    expect(queue.isBusy("line")).toBe(false);
  });

  it("takes a task that a task of its own queues", async () => {
    queue.enqueue("line", async () => {
      enqueue("line", "inner").open();
    });
    await queue.whenIdle();
    expect(events).toEqual(["inner begins", "inner ends"]);
  });
});

describe("stopping", () => {
  it("aborts what runs and what waits, which still runs to end properly", async () => {
    const gates = ["a", "b"].map((name) => enqueue("line", name));
    queue.stop("line", new StoppedByPerson());
    for (const gate of gates) gate.open();
    await queue.whenIdle();
    expect(events).toEqual(["a begins", "a ends by StoppedByPerson", "b begins stopped", "b ends by StoppedByPerson"]);
  });

  it("leaves alone what is queued afterwards, and other lines", async () => {
    const gates = [enqueue("line", "a"), enqueue("other", "other")];
    queue.stop("line", new StoppedByPerson());
    gates.push(enqueue("line", "later"));
    for (const gate of gates) gate.open();
    await queue.whenIdle();
    expect(events).toContain("later ends");
    expect(events).toContain("other ends");
  });

  it("does nothing to a line that is not there", () => {
    queue.stop("line", new StoppedByPerson());
    expect(queue.isBusy("line")).toBe(false);
  });

  it("of all lines reaches every one", async () => {
    const gates = ["a", "b", "c"].map((name) => enqueue(name, name));
    queue.stopAll(new ShuttingDown());
    for (const gate of gates) gate.open();
    await queue.whenIdle();
    expect(events.filter((event) => event.endsWith("ends by ShuttingDown"))).toHaveLength(3);
  });
});

describe("waiting for idleness", () => {
  it("is over at once when nothing runs", async () => {
    await queue.whenIdle();
  });

  it("waits for every line and for what was queued meanwhile", async () => {
    let isIdle = false;
    const gates = [enqueue("a", "a"), enqueue("b", "b")];
    const idle = Promise.all([queue.whenIdle(), queue.whenIdle()]).then(() => {
      isIdle = true;
    });
    gates[0]?.open();
    gates.push(enqueue("b", "b2"));
    gates[1]?.open();
    await turn();
    expect(isIdle).toBe(false);
    gates[2]?.open();
    await idle;
    expect(events.at(-1)).toBe("b2 ends");
  });
});
