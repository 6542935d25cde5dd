import type { FaultEffect } from "../../src/playground/faults.ts";
import { platformFaults } from "./platform-faults.ts";
import type { PlatformName } from "./world.ts";

/** What can become of any call, in the words of whom it is made to. */
export interface CallFault {
  readonly title: string;
  readonly effect: FaultEffect;
}

const waits = [1, 8, 140];

const connectionFaults: readonly CallFault[] = [
  { title: "is reset before it took effect", effect: { kind: "reset", applied: false } },
  { title: "is reset after it took effect", effect: { kind: "reset", applied: true } },
  { title: "hangs before it took effect", effect: { kind: "hang", applied: false } },
  { title: "hangs after it took effect", effect: { kind: "hang", applied: true } },
];

export function platformCallFaults(platform: PlatformName): readonly CallFault[] {
  const { rateLimit, serverError, gatewayPage } = platformFaults[platform];
  return [
    ...waits.map((seconds) => ({ title: `is to wait ${seconds} s`, effect: rateLimit(seconds) })),
    { title: "meets a failing server", effect: serverError },
    { title: "meets a gateway's page", effect: gatewayPage },
    ...connectionFaults,
  ];
}

export const cozeCallFaults: readonly CallFault[] = [
  ...waits.map((seconds) => ({
    title: `is to wait ${seconds} s`,
    effect: {
      kind: "reply",
      status: 429,
      body: { code: 4020, msg: "too many requests" },
      headers: { "Retry-After": String(seconds) },
    } as const,
  })),
  { title: "meets a failing server", effect: { kind: "reply", status: 500, body: { code: 5000, msg: "internal" } } },
  { title: "meets a gateway's page", effect: { kind: "reply", status: 502, body: "<html><h1>502</h1></html>" } },
  ...connectionFaults,
];
