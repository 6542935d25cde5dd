import { expect } from "vitest";
import type { ApiCall, Person, Room } from "../../src/playground/chat-platform.ts";
import { lights, teapotIn } from "../../src/playground/demo/teapot.ts";
import type { FaultRule } from "../../src/playground/faults.ts";
import type { TurnState } from "../../src/store/store.ts";
import { turnReaches } from "./ledger.ts";
import { inRoom } from "./platform-faults.ts";
import type { World } from "./world.ts";

const [moon, noon, mist] = lights.map((light) => teapotIn(light).bytes) as [Uint8Array, Uint8Array, Uint8Array];

/** Three real pictures and the beginning of a document. */
export const linked = { moon, noon, mist, report: Buffer.from("%PDF-1.7\n% what a report says") };

/** Somebody and where they talk. */
interface Somebody {
  readonly person: Person;
  readonly room: Room;
}

/** What stands in a room from top to bottom: texts as people read them, and the names of {@link linked} files in brackets. */
export function seenIn(world: World, room: Room): string[] {
  return world.chat
    .botMessages(room)
    .flatMap((message) => [
      ...(message.text === "" ? [] : [world.reads(message)]),
      ...message.media.map(({ bytes }) => `[${nameOf(bytes)}]`),
    ]);
}

function nameOf(bytes: Uint8Array): string {
  const found = Object.entries(linked).find(([, known]) => Buffer.compare(known, bytes) === 0);
  return found?.[0] ?? `${bytes.length} other bytes`;
}

/** Resolves when the person's turn has this end; then exactly this must be seen. */
export async function expectSeen(
  world: World,
  { person, room }: Somebody,
  expected: readonly unknown[],
  end: TurnState = "delivered",
): Promise<void> {
  await world.chat.until("all of the answer", () => seenIn(world, room).length >= expected.length);
  await turnReaches(world.environment.DATABASE_PATH ?? "", world.sessionName(person), end);
  expect(seenIn(world, room)).toEqual(expected);
}

/** The calls that brought files into a room, or tried to; an album is one. */
export function fileCalls({ chat }: World, room: Room): readonly ApiCall[] {
  const { method, where } = fileCall[chat.name];
  return chat.calls.filter(
    (call) => method.test(call.method) && where(call.parameters) && inRoom(room)(call.parameters),
  );
}

/** Which calls bring files, for faults. */
export const fileCall = {
  telegram: { method: /^send(?:Photo|Document|Audio|Video|Voice|MediaGroup)$/, where: () => true },
  discord: {
    method: /^POST \/channels\/:id\/messages$/,
    where: ({ attachments }) => Array.isArray(attachments) && attachments.length > 0,
  },
} satisfies Record<World["chat"]["name"], { method: RegExp; where: NonNullable<FaultRule["where"]> }>;

/** Whether a link, or the beginning of one, was ever sent to a room. */
export function wasLinkSent({ chat }: World, room: Room): boolean {
  return chat.calls.some(({ parameters }) => inRoom(room)(parameters) && JSON.stringify(parameters).includes("http"));
}
