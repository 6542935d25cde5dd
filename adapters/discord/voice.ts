/** What Discord must be told of a voice message. https://docs.discord.com/developers/resources/message#voice-messages */
export interface VoiceMetadata {
  readonly duration_secs: number;
  /** The loudness over time, a byte for each point, in base64. */
  readonly waveform: string;
}

interface Page {
  /** Samples up to the end of the page; negative when no packet ends on it. */
  readonly granulePosition: bigint;
  /** The sizes of the segments; a packet ends with the first of less than 255 bytes. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

/** Opus counts in 48 kHz whatever it was recorded with (RFC 7845). */
const SAMPLES_PER_SECOND = 48_000;

/** `OpusHead` and `OpusTags` come before the sound. */
const HEADER_PACKETS = 2;

/** Discord's own clients take a point every 100 ms, and at most 256. */
const POINTS_PER_SECOND = 10;
const MAX_POINTS = 256;

/** Reads Ogg with Opus. Nothing when it is something else, or holds no sound. */
export function voiceMetadataOf(ogg: Uint8Array): VoiceMetadata | undefined {
  const pages = readPages(ogg);
  const preSkip = preSkipOf(pages[0]);
  const end = pages.reduce((last, { granulePosition }) => (granulePosition > last ? granulePosition : last), 0n);
  const sounds = packetSizes(pages).slice(HEADER_PACKETS);
  if (preSkip === undefined || end <= preSkip || sounds.length === 0) return undefined;
  const seconds = Number(end - preSkip) / SAMPLES_PER_SECOND;
  return { duration_secs: seconds, waveform: Buffer.from(waveformOf(sounds, seconds)).toString("base64") };
}

/** https://www.rfc-editor.org/rfc/rfc3533#section-6 */
function readPages(ogg: Uint8Array): readonly Page[] {
  const view = new DataView(ogg.buffer, ogg.byteOffset, ogg.byteLength);
  const pages: Page[] = [];
  let at = 0;
  while (at + 27 <= ogg.length && textAt(ogg, at, 4) === "OggS") {
    const bodyAt = at + 27 + view.getUint8(at + 26);
    const lacing = ogg.subarray(at + 27, bodyAt);
    const end = bodyAt + lacing.reduce((sum, size) => sum + size, 0);
    pages.push({ granulePosition: view.getBigInt64(at + 6, true), lacing, body: ogg.subarray(bodyAt, end) });
    at = end;
  }
  return pages;
}

/** The samples at the beginning that are not played; nothing when the stream is not Opus. */
function preSkipOf(page: Page | undefined): bigint | undefined {
  if (!page || page.body.length < 12 || textAt(page.body, 0, 8) !== "OpusHead") return undefined;
  const [low = 0, high = 0] = page.body.subarray(10, 12);
  return BigInt(low + high * 256);
}

function packetSizes(pages: readonly Page[]): readonly number[] {
  const sizes: number[] = [];
  let size = 0;
  for (const segment of pages.flatMap(({ lacing }) => [...lacing])) {
    size += segment;
    if (segment === 255) continue;
    sizes.push(size);
    size = 0;
  }
  return sizes;
}

/** Opus spends more bytes on what is louder and richer, and next to none on silence: near enough for a preview. */
function waveformOf(sizes: readonly number[], seconds: number): readonly number[] {
  const count = Math.min(MAX_POINTS, sizes.length, Math.max(1, Math.ceil(seconds * POINTS_PER_SECOND)));
  const points = Array.from({ length: count }, (_, index) => {
    const part = sizes.slice(
      Math.floor((index * sizes.length) / count),
      Math.floor(((index + 1) * sizes.length) / count),
    );
    return part.reduce((sum, size) => sum + size, 0) / part.length;
  });
  const loudest = Math.max(1, ...points);
  return points.map((point) => Math.round((point / loudest) * 255));
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
