import type { CallKind, ObservedCall } from "./observation.ts";

/** How often the platform was called, and how many of the calls were of no use. */
export interface CallFigures {
  readonly total: number;
  readonly byKind: Readonly<Partial<Record<CallKind, number>>>;
  /** Refused, or asking for what the message shows already. */
  readonly wasted: number;
  readonly tooMany: number;
  /** Made while an earlier 429 had told to wait. */
  readonly inPenalty: number;
}

/** Two clocks and a timer lie between the server's answer and the next call. */
const toleranceMs = 10;

/** `limitOf` names the limit that a kind of call counts against: a 429 closes all calls of the same limit. */
export function callFiguresOf(calls: readonly ObservedCall[], limitOf: (kind: CallKind) => string): CallFigures {
  const byKind: Partial<Record<CallKind, number>> = {};
  for (const { kind } of calls) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return {
    total: calls.length,
    byKind,
    wasted: calls.filter((call, index) => isRefused(call) || isRepetition(call, calls.slice(0, index))).length,
    tooMany: calls.filter(({ status }) => status === 429).length,
    inPenalty: calls.filter((call) => calls.some((earlier) => isForbiddenBy(call, earlier, limitOf))).length,
  };
}

function isRefused({ status }: ObservedCall): boolean {
  return status >= 400 && status < 500;
}

function isRepetition(call: ObservedCall, earlier: readonly ObservedCall[]): boolean {
  if (call.kind !== "edit" || call.status !== 200) return false;
  const former = earlier.findLast(
    ({ kind, message, status }) => kind === "edit" && message === call.message && status === 200,
  );
  return former?.payload === call.payload;
}

function isForbiddenBy(call: ObservedCall, earlier: ObservedCall, limitOf: (kind: CallKind) => string): boolean {
  if (earlier.retryAfterMs === undefined || limitOf(earlier.kind) !== limitOf(call.kind)) return false;
  return call.at > earlier.answeredAt && call.at < earlier.answeredAt + earlier.retryAfterMs - toleranceMs;
}
