import type { Store } from "../store/store.ts";
import type { Metrics } from "./metrics.ts";

/** The same store; every call to it is timed. */
export function measured(store: Store, metrics: Pick<Metrics, "storeCalled">): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      return (...parameters: unknown[]) => timed(name, async () => await member.apply(target, parameters), metrics);
    },
  });
}

async function timed(
  operation: string,
  call: () => Promise<unknown>,
  metrics: Pick<Metrics, "storeCalled">,
): Promise<unknown> {
  const begun = performance.now();
  let failed = true;
  try {
    const result = await call();
    failed = false;
    return result;
  } finally {
    metrics.storeCalled(operation, { ms: performance.now() - begun, failed });
  }
}
