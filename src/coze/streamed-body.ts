import type { SilenceLimit } from "./silence-limit.ts";

/** A request's body that is read while it is sent. */
export interface StreamedContent {
  readonly type: string;
  /** In bytes, when known. */
  readonly length?: number;
  /** Called once for each attempt; the first chunk comes when the source is open. What it throws, the call throws. */
  readonly chunks: (signal: AbortSignal) => AsyncGenerator<Uint8Array, void>;
}

/** One attempt to send a body. While its source is waited for, the time that Coze has to answer stands still. */
export class StreamedBody {
  readonly #chunks: AsyncGenerator<Uint8Array, void>;
  readonly #limit: SilenceLimit;
  #failure: { readonly error: unknown } | undefined;

  constructor(content: StreamedContent, limit: SilenceLimit) {
    this.#chunks = content.chunks(limit.signal);
    this.#limit = limit;
  }

  /** What the source failed with. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Resolves with the body when its source is open, so that nothing is sent of one that can't be. */
  async open(): Promise<AsyncIterable<Uint8Array>> {
    return this.#resume(await this.#next());
  }

  /** Lets go of the source, however much of it was read, without waiting for it. */
  close(): void {
    this.#chunks.return().catch(() => undefined);
  }

  async *#resume(first: IteratorResult<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
    for (let next = first; !next.done; next = await this.#next()) yield next.value;
  }

  async #next(): Promise<IteratorResult<Uint8Array, void>> {
    this.#limit.end();
    try {
      return await this.#chunks.next();
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#limit.begin();
    }
  }
}
