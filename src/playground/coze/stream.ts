import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";

/** How an endpoint writes its events; recorded ones differ in the space after the colon. */
export interface Framing {
  readonly space: boolean;
  /** `id:` lines, counted from 1. */
  readonly numbered: boolean;
}

/** How all streams are written, to try a client's reader. */
export interface Writing {
  lineEnd: "\n" | "\r\n";
  /** Most bytes in one piece, wherever that cuts lines and characters. */
  chunkBytes: number;
}

/** What a run speaks into. Once it is cut, or the client is gone, it swallows everything. */
export interface Channel {
  event(name: string, data: string): Promise<void>;
  comment(text: string): Promise<void>;
  /** Ends the connection; of `lastWords` only the first half is sent, so that it ends within a line. */
  cut(how: "end" | "reset", lastWords?: { readonly name: string; readonly data: string }): Promise<void>;
  end(): void;
  /** Resolves when nobody listens any more. */
  readonly left: Promise<void>;
}

/** A channel without a listener, which counts as gone when `left` resolves. */
export function unheard(left: Promise<void>): Channel {
  const nothing = () => Promise.resolve();
  return { event: nothing, comment: nothing, cut: nothing, end: () => undefined, left };
}

/** Server-sent events over one HTTP response. */
export class HttpChannel implements Channel {
  readonly left: Promise<void>;
  /** Whether this side ended the connection, so that the client did not. */
  endedHere = false;
  readonly #response: ServerResponse;
  readonly #framing: Framing;
  readonly #writing: Readonly<Writing>;
  #open = true;
  #events = 0;

  constructor(response: ServerResponse, framing: Framing, writing: Readonly<Writing>) {
    this.#response = response;
    this.#framing = framing;
    this.#writing = writing;
    this.left = new Promise((resolve) => {
      response.once("close", () => {
        this.#open = false;
        resolve();
      });
    });
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    response.flushHeaders();
  }

  async event(name: string, data: string): Promise<void> {
    await this.#write(Buffer.from(this.#frame(name, data)));
  }

  async comment(text: string): Promise<void> {
    const { lineEnd } = this.#writing;
    await this.#write(Buffer.from(`: ${text}${lineEnd}${lineEnd}`));
  }

  async cut(how: "end" | "reset", lastWords?: { readonly name: string; readonly data: string }): Promise<void> {
    if (lastWords) {
      const frame = Buffer.from(this.#frame(lastWords.name, lastWords.data));
      await this.#write(frame.subarray(0, frame.length / 2));
    }
    if (how === "end") return this.end();
    this.#close();
    this.#response.socket?.resetAndDestroy();
  }

  end(): void {
    if (!this.#open) return;
    this.#close();
    this.#response.end();
  }

  #close(): void {
    this.endedHere ||= this.#open;
    this.#open = false;
  }

  #frame(name: string, data: string): string {
    const { lineEnd } = this.#writing;
    const colon = this.#framing.space ? ": " : ":";
    this.#events += 1;
    const lines = [`event${colon}${name}`, `data${colon}${data}`];
    if (this.#framing.numbered) lines.unshift(`id${colon}${this.#events}`);
    return lines.map((line) => line + lineEnd).join("") + lineEnd;
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let start = 0; start < bytes.length; start += this.#writing.chunkBytes) {
      if (!this.#open) return;
      const piece = bytes.subarray(start, start + this.#writing.chunkBytes);
      const written = new Promise<void>((resolve) => {
        this.#response.write(piece, () => resolve());
      });
      await Promise.race([written, this.left]);
      if (start + piece.length < bytes.length) await oneTurnOfTheLoop();
    }
  }
}

/** Without it, a reader in the same process would get several pieces as one. */
async function oneTurnOfTheLoop(): Promise<void> {
  await setImmediate();
  // The first may fire in the turn that began it, before sockets are read.
  await setImmediate();
}
