import { expect, test } from "vitest";
import { anySignal } from "../../src/abort.ts";

test("aborts with the reason of the source that aborts first", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const { signal } = anySignal([first.signal, second.signal]);
  second.abort("enough");
  first.abort("too late");
  expect(signal.reason).toBe("enough");
});

test("is aborted from the start when a source already is", () => {
  const { signal } = anySignal([new AbortController().signal, AbortSignal.abort("before")]);
  expect(signal.reason).toBe("before");
});

test("hears nothing more after its release", () => {
  const source = new AbortController();
  const { signal, release } = anySignal([source.signal]);
  release();
  source.abort();
  expect(signal.aborted).toBe(false);
});
