import type { FetchedMedia, MediaLimits } from "../media/fetch-media.ts";
import { MediaError } from "../media/media-error.ts";
import type { Slots } from "./slots.ts";

export type FetchMedia = (url: string, limits: MediaLimits, signal: AbortSignal) => Promise<FetchedMedia>;

export interface DownloadOptions {
  readonly fetchMedia: FetchMedia;
  /** The largest file that can be sent, in bytes. */
  readonly maxUploadBytes: number;
  /** Of all answers together: taken by segments whose files are fetched before they are next to be sent. */
  readonly slots: Slots;
  /** Ends all downloads and forgets what they brought. */
  readonly signal: AbortSignal;
  /** Told why a file could not be had. */
  readonly onMediaFailure?: ((error: unknown) => void) | undefined;
}

/**
 * The files that the links of an answer lead to. The segment that is next to be sent always has its files fetched, whatever
 * other answers do; those of later segments are fetched ahead as long as there are slots.
 */
export class Downloads {
  readonly #options: DownloadOptions;
  readonly #segments = new Map<number, SegmentDownload>();
  #isAbandoned = false;
  #isClosed = false;

  constructor(options: DownloadOptions) {
    this.#options = options;
  }

  /**
   * Resolves with a file of the segment that is next to be sent, or with nothing when it can't be had. It is fetched once,
   * however often it is asked for. Never rejects.
   */
  async file(segment: number, url: string): Promise<FetchedMedia | undefined> {
    if (this.#isOver) return undefined;
    const download = this.#segments.get(segment) ?? this.#open(segment);
    download.giveSlotBack();
    return await download.file(url);
  }

  /** Begins to fetch a file of a later segment. Nothing happens as long as there is no slot for it. */
  prefetch(segment: number, url: string): void {
    if (this.#isOver || this.#isAbandoned) return;
    const download = this.#segments.get(segment) ?? this.#openAhead(segment);
    void download?.file(url);
  }

  /** Waits no longer: what has not come by now can't be had. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const download of this.#segments.values()) download.abandon();
  }

  /** Forgets the files of a segment, which can't be had any more. */
  release(segment: number): void {
    this.#segments.get(segment)?.release();
  }

  /** Forgets everything; from now on nothing can be had. */
  readonly close = (): void => {
    this.#isClosed = true;
    this.#options.signal.removeEventListener("abort", this.close);
    for (const segment of this.#segments.keys()) this.release(segment);
  };

  get #isOver(): boolean {
    return this.#isClosed || this.#options.signal.aborted;
  }

  #openAhead(segment: number): SegmentDownload | undefined {
    const giveSlotBack = this.#options.slots.take();
    return giveSlotBack && this.#open(segment, giveSlotBack);
  }

  #open(segment: number, giveSlotBack?: () => void): SegmentDownload {
    const download = new SegmentDownload(this.#options, giveSlotBack);
    this.#segments.set(segment, download);
    this.#options.signal.addEventListener("abort", this.close, { once: true });
    if (this.#isAbandoned) download.abandon();
    return download;
  }
}

/** What the files of one segment may take in memory together, in bytes. */
const mostSegmentBytes = 50_000_000;
const mostFileBytes = 20_000_000;
const totalMs = 60_000;
const idleMs = 20_000;

class SegmentDownload {
  readonly #options: DownloadOptions;
  readonly #ended = new AbortController();
  readonly #files = new Map<string, Promise<FetchedMedia | undefined>>();
  /** Does nothing where the segment has no slot, or gave it back. */
  readonly giveSlotBack: () => void;
  /** Bytes that neither a file nor a running download may need. */
  #room = mostSegmentBytes;
  #running = 0;
  #onRoom: (() => void)[] = [];

  constructor(options: DownloadOptions, giveSlotBack: () => void = () => undefined) {
    this.#options = options;
    this.giveSlotBack = giveSlotBack;
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
    this.giveSlotBack();
  }

  async #fetch(url: string): Promise<FetchedMedia | undefined> {
    const { fetchMedia, onMediaFailure } = this.#options;
    const { signal } = this.#ended;
    try {
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
