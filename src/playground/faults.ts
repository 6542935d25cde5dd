/** What happens to a call instead of, or besides, its normal answer. */
export type FaultEffect =
  /** Answered with this and not applied. A string body is sent as HTML, anything else as JSON. */
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is reset before or after the call took effect; the client can't tell which. */
  | { readonly kind: "reset"; readonly applied: boolean }
  /** No answer, until the client gives up. */
  | { readonly kind: "hang"; readonly applied: boolean }
  /** Applied and answered, late. */
  | { readonly kind: "delay"; readonly ms: number };

export interface FaultRule {
  /** Which calls: the emulator's name of the method, or all of them. */
  readonly method?: string | RegExp;
  /** A further condition on the call's parameters. */
  readonly where?: (parameters: Readonly<Record<string, unknown>>) => boolean;
  /** Matching calls that pass unharmed first. Default 0. */
  readonly skip?: number;
  /** Matching calls that are hit then. Default 1; `Infinity` until removed. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

/** The faults that are planned for an emulator, each hitting a bounded number of calls in the order they were added. */
export class FaultPlan {
  readonly #rules: { readonly rule: FaultRule; skip: number; times: number }[] = [];

  /** Plans a fault; the returned function takes back what is left of it. */
  add(rule: FaultRule): () => void {
    const entry = { rule, skip: rule.skip ?? 0, times: rule.times ?? 1 };
    this.#rules.push(entry);
    return () => {
      entry.times = 0;
    };
  }

  /** The fault that hits this call, if any; it counts as used. */
  take(method: string, parameters: Readonly<Record<string, unknown>>): FaultEffect | undefined {
    for (const entry of this.#rules) {
      if (entry.times <= 0 || !matches(entry.rule, method, parameters)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.times -= 1;
      return entry.rule.effect;
    }
    return undefined;
  }

  clear(): void {
    this.#rules.length = 0;
  }
}

function matches(rule: FaultRule, method: string, parameters: Readonly<Record<string, unknown>>): boolean {
  if (typeof rule.method === "string" && rule.method !== method) return false;
  if (rule.method instanceof RegExp && !rule.method.test(method)) return false;
  return rule.where?.(parameters) ?? true;
}
