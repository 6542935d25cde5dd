import type { Parameters } from "../parameters.ts";

/**
 * A method of the Bot API. What it returns is the `result`; a refusal is thrown. `hungUp` is aborted when the client
 * closes the connection before the answer.
 */
export type Method = (parameters: Parameters, hungUp: AbortSignal) => unknown;

/** Methods by their documented names; calls may write them in any case. */
export type Methods = Readonly<Record<string, Method>>;

/** A result with the `description` that the few methods of webhooks add to it. */
export class DescribedResult {
  readonly result: unknown;
  readonly description: string;

  constructor(result: unknown, description: string) {
    this.result = result;
    this.description = description;
  }
}

/** A file's content, sent as it is. */
export class Content {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
