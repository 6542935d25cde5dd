import { createHash } from "node:crypto";
import type { APIAttachment } from "discord-api-types/v10";

/** A file that somebody puts into a message. */
export interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** In bytes, when the message claims another size than that of `bytes`. */
  readonly size?: number;
  /** Of a voice message; of other files Discord does not keep it. */
  readonly voice?: VoiceDetails;
}

export interface VoiceDetails {
  readonly durationSecs: number;
  /** In base64. */
  readonly waveform: string;
}

/** A file as Discord's CDN keeps it. */
export interface StoredFile extends Upload {
  readonly id: string;
  /** A URL that opens it for a day from now on; every payload brings a new one. */
  readonly sign: () => string;
}

export interface FilesOptions {
  /** Where the CDN is, without a path. */
  readonly origin: string;
  readonly nextId: () => string;
  readonly now: () => number;
}

/** "A preset expiry time" (Discord docs, signed attachment CDN URLs), which is a day. */
const urlLastsMs = 86_400_000;

/** What the CDN serves: the files of all messages, to those who have a signed URL. */
export class Files {
  readonly #options: FilesOptions;
  readonly #byPath = new Map<string, StoredFile>();

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  add(channelId: string, upload: Upload): StoredFile {
    const id = this.#options.nextId();
    const path = `/attachments/${channelId}/${id}/${sanitized(upload.name)}`;
    const file = { ...upload, id, sign: () => this.#sign(path) };
    this.#byPath.set(path, file);
    return file;
  }

  /** The file of a URL that is signed and has not expired. */
  open({ pathname, searchParams }: URL): StoredFile | undefined {
    const expiry = searchParams.get("ex") ?? "";
    const isSigned = searchParams.get("hm") === signature(pathname, expiry);
    const isFresh = this.#options.now() < Number.parseInt(expiry, 16) * 1_000;
    return isSigned && isFresh ? this.#byPath.get(pathname) : undefined;
  }

  #sign(path: string): string {
    const issued = Math.floor(this.#options.now() / 1_000);
    const expiry = (issued + urlLastsMs / 1_000).toString(16);
    return `${this.#options.origin}${path}?ex=${expiry}&is=${issued.toString(16)}&hm=${signature(path, expiry)}&`;
  }
}

/** A name with special characters goes on as the title, without its extension. */
export function attachmentJson(file: StoredFile): APIAttachment {
  const url = file.sign();
  const filename = sanitized(file.name);
  return {
    id: file.id,
    filename,
    ...(filename === file.name ? {} : { title: file.name.replace(/\.[^.]*$/, "") }),
    size: file.size ?? file.bytes.length,
    content_type: file.mimeType,
    url,
    proxy_url: url,
    ...(file.voice ? { duration_secs: file.voice.durationSecs, waveform: file.voice.waveform } : {}),
  };
}

/** Discord takes characters beyond ASCII away from a file's name. */
function sanitized(name: string): string {
  const plain = name.replace(/\s/g, "_").replace(/[^\w.-]/g, "");
  return plain.startsWith(".") ? `unknown${plain}` : plain;
}

function signature(path: string, expiry: string): string {
  return createHash("sha256").update(`no secret:${path}:${expiry}`).digest("hex");
}
