import type { ChatPlatform } from "../../src/playground/chat-platform.ts";
import { rateLimited, serverError } from "../../src/playground/discord/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import { internalServerError, tooManyRequests } from "../../src/playground/telegram/index.ts";

/** What goes wrong once while an answer grows. */
export const faults = {
  "429-3s": { title: "429 with 3 s in the middle", penaltyMs: 3000 },
  "429-30s": { title: "429 with 30 s in the middle", penaltyMs: 30_000 },
  "429-3s-end": { title: "429 with 3 s at the last edit", penaltyMs: 3000 },
  "429-30s-end": { title: "429 with 30 s at the last edit", penaltyMs: 30_000 },
  "500": { title: "three edits in a row end with 500", penaltyMs: 0 },
  "500-end": { title: "the last edit ends with 500", penaltyMs: 0 },
  reset: { title: "an edit is applied, its connection reset", penaltyMs: 0 },
} as const;

export type FaultName = keyof typeof faults;

/** Edits that go well before a fault in the middle. */
const editsBefore = 1;

const editMethod = { telegram: "editMessageText", discord: "PATCH /channels/:id/messages/:id" } as const;

/** Plans the fault. `lastWord` is the answer's: the call that carries it is the last one. */
export function planFault(platform: ChatPlatform, name: FaultName, lastWord: string): void {
  const method = editMethod[platform.name];
  const isLast = (parameters: Readonly<Record<string, unknown>>) => JSON.stringify(parameters).includes(lastWord);
  const failure = platform.name === "telegram" ? internalServerError() : serverError();
  switch (name) {
    case "500":
      return void platform.faults.add({ method, skip: editsBefore, times: 3, effect: failure });
    case "500-end":
      return void platform.faults.add({ method, where: isLast, effect: failure });
    case "reset":
      return void platform.faults.add({ method, skip: editsBefore, effect: { kind: "reset", applied: true } });
    case "429-3s":
    case "429-30s":
      return planPenalty(platform, faults[name].penaltyMs, countdown(editsBefore));
    case "429-3s-end":
    case "429-30s-end":
      return planPenalty(platform, faults[name].penaltyMs, isLast);
  }
}

/** The first edit that `begins` is told to wait, and so is every other one until that time is over. */
function planPenalty(
  platform: ChatPlatform,
  penaltyMs: number,
  begins: (parameters: Readonly<Record<string, unknown>>) => boolean,
): void {
  let until: number | undefined;
  platform.faults.add({
    method: editMethod[platform.name],
    times: Number.POSITIVE_INFINITY,
    where(parameters) {
      if (until === undefined && begins(parameters)) until = Date.now() + penaltyMs;
      return until !== undefined && Date.now() < until;
    },
    get effect(): FaultEffect {
      const seconds = ((until ?? 0) - Date.now()) / 1000;
      return platform.name === "telegram" ? tooManyRequests(Math.ceil(seconds)) : rateLimited(seconds);
    },
  });
}

function countdown(count: number): () => boolean {
  let left = count;
  return () => {
    left -= 1;
    return left < 0;
  };
}
