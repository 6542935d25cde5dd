import { randomBytes } from "node:crypto";
import type { File } from "grammy/types";
import { badRequest, notFound } from "./refusal.ts";
import type { ScopedClock } from "./scoped-clock.ts";

/** What getFile prepares at most; a message may carry larger files. */
const MAX_DOWNLOAD_BYTES = 20_971_520;
/** A link is good for at least an hour; here exactly so long. */
const LINK_MS = 3_600_000;

interface StoredFile {
  readonly onWire: Required<File>;
  readonly bytes: Uint8Array;
  linkEndsAt: number;
}

/** A file's ids and size, as they stand in a message. */
export type FileReference = Required<Omit<File, "file_path">>;

/** The files that people sent. */
export class Files {
  readonly #clock: ScopedClock;
  readonly #files = new Map<string, StoredFile>();

  constructor(clock: ScopedClock) {
    this.#clock = clock;
  }

  /** `size` may claim more than there are bytes, for a file too large to be downloaded. */
  add(file: { folder: string; extension: string; bytes: Uint8Array; size?: number }): FileReference {
    const reference: FileReference = {
      file_id: `BQAC${randomBytes(33).toString("base64url")}`,
      file_unique_id: `AgAD${randomBytes(6).toString("base64url")}`,
      file_size: file.size ?? file.bytes.length,
    };
    const file_path = `${file.folder}/file_${this.#files.size}${file.extension}`;
    const onWire = { ...reference, file_path };
    this.#files.set(reference.file_id, { onWire, bytes: file.bytes, linkEndsAt: 0 });
    return reference;
  }

  /** Prepares a download. */
  get(id: string): File {
    if (id === "") throw badRequest("file_id not specified");
    const file = this.#files.get(id);
    if (file === undefined) throw badRequest("invalid file_id");
    if (file.onWire.file_size > MAX_DOWNLOAD_BYTES) throw badRequest("file is too big");
    file.linkEndsAt = this.#clock.now() + LINK_MS;
    return file.onWire;
  }

  /** The content behind a `file_path` that was prepared not long ago. */
  read(path: string): Uint8Array {
    const file = [...this.#files.values()].find(({ onWire }) => onWire.file_path === path);
    if (file === undefined || file.linkEndsAt <= this.#clock.now()) throw notFound();
    return file.bytes;
  }
}
