import type { FetchedMedia, MediaLimits } from "../media/fetch-media.ts";
import { MediaError } from "../media/media-error.ts";
import { Slots } from "./slots.ts";

export type FetchMedia = (url: string, limits: MediaLimits, signal: AbortSignal) => Promise<FetchedMedia>;

export interface DownloadOptions {
  readonly fetchMedia: FetchMedia;
  /** The largest file that can be sent, in bytes. */
  readonly maxUploadBytes: number;
  /** Ends all downloads and forgets what they brought. */
  readonly signal: AbortSignal;
  /** Told why a file could not be had. */
  readonly onMediaFailure?: ((error: unknown) => void) | undefined;
}

/** The files that the links of an answer lead to, fetched as soon as the links are known. */
export class Downloads {
  readonly #options: DownloadOptions;
  readonly #segments = new Map<number, SegmentDownload>();
  #isAbandoned = false;
  #isClosed = false;

  constructor(options: DownloadOptions) {
    this.#options = options;
  }

  /** Begins to fetch the files of a segment; those that were begun before are not fetched again. */
  begin(segment: number, urls: readonly string[]): void {
    for (const url of urls) void this.file(segment, url);
  }

  /** Resolves with a file of a segment, or with nothing when it can't be had. Never rejects. */
  async file(segment: number, url: string): Promise<FetchedMedia | undefined> {
    const { signal } = this.#options;
    if (this.#isClosed || signal.aborted) return undefined;
    signal.addEventListener("abort", this.close, { once: true });
    const download = this.#segments.get(segment) ?? new SegmentDownload(this.#options);
    this.#segments.set(segment, download);
    if (this.#isAbandoned) download.abandon();
    return await download.file(url);
  }

  /** Waits no longer: what has not come by now can't be had. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const download of this.#segments.values()) download.abandon();
  }

  /** Forgets the files of a segment. */
  release(segment: number): void {
    this.#segments.get(segment)?.release();
    this.#segments.delete(segment);
  }

  /** Forgets everything; from now on nothing can be had. */
  readonly close = (): void => {
    this.#isClosed = true;
    this.#options.signal.removeEventListener("abort", this.close);
    for (const segment of this.#segments.keys()) this.release(segment);
  };
}

/** The segments of all answers whose files are in memory, or on their way there. */
const slots = new Slots(4);

/** What the files of one segment may take in memory together, in bytes. */
const mostSegmentBytes = 50_000_000;
const mostFileBytes = 20_000_000;
const totalMs = 60_000;
const idleMs = 20_000;

class SegmentDownload {
  readonly #options: DownloadOptions;
  readonly #ended = new AbortController();
  readonly #files = new Map<string, Promise<FetchedMedia | undefined>>();
  readonly #slot: Promise<() => void>;
  /** Bytes that neither a file nor a running download may need. */
  #room = mostSegmentBytes;
  #running = 0;
  #onRoom: (() => void)[] = [];

  constructor(options: DownloadOptions) {
    this.#options = options;
    this.#slot = slots.acquire(this.#ended.signal);
    this.#slot.catch(() => undefined);
  }

  file(url: string): Promise<FetchedMedia | undefined> {
    const known = this.#files.get(url) ?? this.#fetch(url);
    this.#files.set(url, known);
    return known;
  }

  abandon(): void {
    this.#ended.abort();
  }

  release(): void {
    this.abandon();
    this.#files.clear();
    this.#slot.then(
      (giveBack) => giveBack(),
      () => undefined,
    );
  }

  async #fetch(url: string): Promise<FetchedMedia | undefined> {
    const { fetchMedia, onMediaFailure } = this.#options;
    const { signal } = this.#ended;
    try {
      await this.#slot;
      const maxBytes = await this.#reserve();
      let taken = 0;
      try {
        signal.throwIfAborted();
        const media = await fetchMedia(url, { maxBytes, totalMs, idleMs }, signal);
        taken = media.data.length;
        return media;
      } finally {
        this.#giveBack(maxBytes - taken);
      }
    } catch (error) {
      if (!signal.aborted) onMediaFailure?.(error);
      return undefined;
    }
  }

  /** Resolves with the bytes that a file may have. */
  async #reserve(): Promise<number> {
    const wanted = Math.min(this.#options.maxUploadBytes, mostFileBytes);
    while (this.#room < wanted && this.#running > 0) await new Promise<void>((resolve) => this.#onRoom.push(resolve));
    const bytes = Math.min(wanted, this.#room);
    if (bytes <= 0) throw new MediaError("too-large", "The files of one album are too large together.");
    this.#room -= bytes;
    this.#running += 1;
    return bytes;
  }

  #giveBack(bytes: number): void {
    this.#room += bytes;
    this.#running -= 1;
    const waiting = this.#onRoom;
    this.#onRoom = [];
    for (const wake of waiting) wake();
  }
}
