import type { Room } from "../../src/playground/chat-platform.ts";
import type { FaultEffect, FaultRule } from "../../src/playground/faults.ts";
import { fileCall } from "../support/linked-files.ts";
import { inRoom, platformFaults } from "../support/platform-faults.ts";
import { type Question, reaches } from "../support/questions.ts";
import { read } from "../support/reading.ts";
import type { ModeName, PlatformName } from "../support/world.ts";
import type { Stage } from "./stage.ts";

/** A moment in the life of a turn at which the process is killed. */
export interface Step {
  readonly title: string;
  /** Where the moment exists; everywhere when absent. */
  readonly modes?: readonly ModeName[];
  /**
   * True where Coze may have been sent the question without the bridge's having heard of a run. Coze lists nobody the
   * conversations of an app, so that in the first one nothing can be found there: the person is told.
   */
  readonly isUntold?: true;
  /** Brings turns to that moment, where they stay. */
  hold(stage: Stage): Promise<Held>;
}

export interface Held {
  readonly turns: readonly Question[];
  /** To be called when the process is dead: nothing holds the turns any more. */
  readonly release: () => void;
  /** What is wrong in the end besides the outcome. */
  readonly problems?: () => readonly string[];
}

/** Some of a platform's calls, as faults name them. */
export interface CallKind extends Pick<FaultRule, "where"> {
  readonly method: string | RegExp;
}

/** The calls that send words, and those that send files. */
export const sends: Readonly<Record<PlatformName, { readonly words: CallKind; readonly files: CallKind }>> = {
  telegram: { words: { method: platformFaults.telegram.methods.send }, files: fileCall.telegram },
  discord: {
    words: { method: platformFaults.discord.methods.send, where: (call) => !fileCall.discord.where(call) },
    files: fileCall.discord,
  },
};

export const hang: FaultEffect = { kind: "hang", applied: false };
export const hangApplied: FaultEffect = { kind: "hang", applied: true };
export const always = Number.POSITIVE_INFINITY;

/** The steps in one mode alone. */
export function inAgentMode(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => ({ ...step, modes: ["agent"] }));
}

export function sessionOf({ chat, person }: Pick<Question, "chat" | "person">): string {
  return `${chat.name}:${person.id}`;
}

/** Resolves when a message of the bot holds the last word of a text. */
export async function shows({ world: { chat } }: Stage, { room }: Question, text: string): Promise<void> {
  await chat.until(`the bot has written "…${text.slice(-20)}"`, () =>
    chat.botMessages(room).some((message) => reaches(read(chat.name, message).text, text)),
  );
}

export function callsOf({ world: { chat } }: Stage, { room }: Pick<Question, "room">, kind: CallKind): number {
  const { method: name } = kind;
  const isNamed = (method: string) => (typeof name === "string" ? name === method : name.test(method));
  const isMeant = ofKindIn(room, kind);
  return chat.calls.filter(({ method, parameters }) => isNamed(method) && isMeant(parameters)).length;
}

/** Hits all calls of a kind in a room but the first ones. The returned function makes an end to that. */
export function failCalls(
  { world: { chat } }: Stage,
  room: Room,
  kind: CallKind,
  fault: Pick<FaultRule, "effect" | "skip">,
): () => void {
  const { effect, skip = 0 } = fault;
  return chat.faults.add({ method: kind.method, where: ofKindIn(room, kind), skip, times: always, effect });
}

function ofKindIn(room: Room, { where }: CallKind): NonNullable<FaultRule["where"]> {
  return (parameters) => inRoom(room)(parameters) && (where?.(parameters) ?? true);
}

export async function called(stage: Stage, turn: Question, kind: CallKind, times = 1): Promise<void> {
  await stage.world.chat.until(`${kind.method} was called`, () => callsOf(stage, turn, kind) >= times);
}

export function both(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}
