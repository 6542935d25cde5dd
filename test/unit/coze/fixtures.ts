import { readFileSync } from "node:fs";

/** The streams of test/fixtures/coze; its README says where each comes from. */
export const fixtureNames = [
  "agent-audio-tail",
  "agent-client-tools",
  "agent-error",
  "agent-failed",
  "agent-plugin-reasoning",
  "agent-success",
  "chatflow-empty-result",
  "chatflow-failed",
  "chatflow-interrupt",
  "chatflow-interrupt-unannounced",
  "chatflow-success",
  "studio-agent",
  "studio-chatflow",
  "studio-chatflow-error",
] as const;

export type FixtureName = (typeof fixtureNames)[number];

export function fixture(name: FixtureName): string {
  return readFileSync(new URL(`../../fixtures/coze/${name}.sse`, import.meta.url), "utf8");
}

/** A body that arrives in these pieces, and then ends. */
export function bodyOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
