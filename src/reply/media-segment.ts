import type { Buttons, MediaItem } from "../adapter.ts";
import { PlatformError } from "../errors.ts";
import type { TurnMessage } from "../store/store.ts";
import { albumsOf, type PlacedFile } from "./albums.ts";
import { type InsistOptions, insist } from "./insist.ts";
import { isGivenUp } from "./message-numbers.ts";
import { OpenMessage, type OpenMessageOptions } from "./open-message.ts";

export interface MediaSegmentOptions extends InsistOptions, OpenMessageOptions {
  readonly segment: number;
  /** Told why the platform did not take a file. */
  readonly onMediaFailure?: ((error: unknown) => void) | undefined;
}

/** What there is to send. */
export interface Delivery {
  /** How many files there are. */
  readonly count: number;
  /** True when nothing is to follow the last one, though a later process may bring more in place of the same files. */
  readonly isFinal?: boolean;
  /** Brings the files at these indices; nothing in the place of one that can't be had. */
  readonly load: (indices: readonly number[]) => Promise<readonly (MediaItem | undefined)[]>;
  /** To stand below the last file. */
  readonly buttons?: Buttons | undefined;
}

/**
 * The files that stand together in an answer, on their way into a chat: one message or album, or several where one can't
 * show all. In the records `textEnd` counts the files up to the last one of a message; a file that is given up has a record
 * of its own, sealed and without a message.
 */
export class MediaSegment {
  readonly #options: MediaSegmentOptions;
  readonly #givenUp: Set<number>;
  /** So many files at the beginning stand in the chat, but for those given up. */
  #done: number;
  /** Was about to be sent by an earlier process, or was refused with other files: to be used for the next ones. */
  #begun: OpenMessage | undefined;
  readonly #begunEnd: number;
  #count = 0;
  #isFinal = false;
  #hasButtons = false;

  /** `earlier` is what an earlier process recorded of the segment. */
  constructor(options: MediaSegmentOptions, earlier: readonly TurnMessage[]) {
    this.#options = options;
    this.#givenUp = givenUpIn(earlier);
    this.#done = Math.max(0, ...earlier.filter(({ ref }) => ref).map(({ textEnd }) => textEnd));
    const begun = earlier.find((message) => !message.ref && !message.sealed);
    this.#begun = begun && new OpenMessage(options, begun);
    this.#begunEnd = begun?.textEnd ?? 0;
  }

  /** Indices of the files that will never be sent. */
  get givenUp(): ReadonlySet<number> {
    return this.#givenUp;
  }

  /** Whether the last file was sent with the buttons. */
  get hasButtons(): boolean {
    return this.#hasButtons;
  }

  /** Resolves when every file is there or given up. Rejects when nothing can be sent to the chat at all. */
  async send({ count, load, buttons, isFinal = false }: Delivery): Promise<void> {
    this.#count = count;
    this.#isFinal = isFinal;
    await this.#findBegun();
    const missing = Array.from({ length: count }, (_, index) => index).filter((index) => this.#isMissing(index));
    const albums = await this.#albums(missing, load);
    // What was sent is no longer held: the next album may have to wait.
    for (let album = albums.shift(); album; album = albums.shift()) {
      const takesButtons = albums.length === 0 && this.#givenUp.size === 0;
      await this.#sendAlbum(album, takesButtons ? buttons : undefined);
    }
  }

  #isMissing(index: number): boolean {
    return index >= this.#done && !this.#givenUp.has(index);
  }

  /** Those of the missing files that can be had. */
  async #albums(missing: readonly number[], load: Delivery["load"]): Promise<PlacedFile[][]> {
    const items = await load(missing);
    this.#options.signal.throwIfAborted();
    const files: PlacedFile[] = [];
    for (const [n, index] of missing.entries()) {
      const item = items[n];
      if (item) files.push({ index, item });
      else await this.#giveUp(index);
    }
    return albumsOf(files, this.#options.adapter.capabilities);
  }

  /** What an earlier process was sending may be there. */
  async #findBegun(): Promise<void> {
    const message = this.#begun;
    if (!message || !(await insist(this.#options, "post", () => message.find()))) return;
    this.#begun = undefined;
    const former = this.#done;
    this.#done = this.#begunEnd;
    if (!this.#isFinal) await this.#findFurther(this.#done - former);
  }

  async #sendAlbum(album: readonly PlacedFile[], buttons?: Buttons): Promise<void> {
    const message = this.#next();
    // Not every platform shows buttons below others.
    const isPlain = album.length === 1 && album[0]?.item.kind !== "voice";
    const media = { items: album.map(({ item }) => item), ...(isPlain && buttons && { buttons }) };
    const end = this.#endOf(album);
    try {
      const isSent = await insist(this.#options, "post", () => message.send(media, end));
      this.#hasButtons = isSent && "buttons" in media;
      if (isSent) return;
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code === "not-found") throw error;
      this.#begun = message;
      return await this.#afterRefusal(album, error, "buttons" in media);
    }
    await this.#findFurther(album.length);
  }

  #endOf(album: readonly PlacedFile[]): number {
    const end = (album.at(-1)?.index ?? 0) + 1;
    return this.#isFinal && end === this.#count ? endOfAll : end;
  }

  /** Without the buttons it may be taken, and some files of an album without the others. */
  async #afterRefusal(album: readonly PlacedFile[], error: PlatformError, hadButtons: boolean): Promise<void> {
    if (hadButtons && error.code === "unknown") return await this.#sendAlbum(album);
    this.#options.onMediaFailure?.(error);
    const isOfOne = error.code === "unknown" || error.code === "too-long";
    for (const file of album) await (isOfOne && album.length > 1 ? this.#sendAlbum([file]) : this.#giveUp(file.index));
  }

  /** Where an album is several messages each is accounted for, so that nobody takes it for a lost one. */
  async #findFurther(count: number): Promise<void> {
    const { adapter, numbers, segment } = this.#options;
    if (!adapter.capabilities.splitsAlbums) return;
    for (let n = 1; n < count; n += 1) {
      const further = new OpenMessage(this.#options, { part: numbers.take(), segment, textEnd: 0, sealed: false });
      if (!(await insist(this.#options, "post", () => further.find()))) return;
    }
  }

  async #giveUp(index: number): Promise<void> {
    this.#givenUp.add(index);
    await this.#next().giveUp(index + 1);
  }

  #next(): OpenMessage {
    const next = this.#begun ?? new OpenMessage(this.#options);
    this.#begun = undefined;
    return next;
  }
}

/** More than there ever are. */
const endOfAll = 1000;

/** Indices of the files that the records of a segment tell to be given up. */
export function givenUpIn(records: readonly TurnMessage[]): Set<number> {
  return new Set(records.filter(isGivenUp).map(({ textEnd }) => textEnd - 1));
}
