import type { AnswerEvent } from "./events.ts";
import { readMessage } from "./wire.ts";

type SoundEvent = Extract<AnswerEvent, { readonly type: "audio" }>;

/** The sound of one answer, piece by piece (Coze docs chat_v3, `conversation.audio.delta`). What is no sound is passed over. */
export class SoundReader {
  /** Decided by the first piece: Coze does not name it. */
  #format: SoundEvent["format"] | undefined;

  *read(data: string): Generator<SoundEvent, void> {
    const bytes = Buffer.from(readMessage(data)?.content ?? "", "base64");
    if (bytes.length === 0) return;
    this.#format ??= formatOf(bytes);
    yield { type: "audio", data: new Uint8Array(bytes), format: this.#format };
  }
}

/** RFC 6716, 3.2.1. */
const LONGEST_OPUS_FRAME = 1275;
/** The first byte of a packet with one frame of 10 ms, mono, wideband or better (RFC 6716, 3.1). */
const OPUS_FIRST_BYTES = [0x40, 0x60, 0x70, 0xb0, 0xd0, 0xf0];

/**
 * A question in WAV is answered in PCM (24 kHz, 16 bit, mono), one in Ogg with Opus in Opus (48 kHz, mono, frames of 10 ms;
 * Coze docs chat_v3): in an Ogg stream or in bare packets, the docs don't say.
 */
function formatOf(bytes: Buffer): SoundEvent["format"] {
  if (bytes.toString("latin1", 0, 4) === "OggS") return "opus";
  const isPacket = bytes.length <= LONGEST_OPUS_FRAME + 1 && OPUS_FIRST_BYTES.includes(bytes.readUInt8(0));
  return isPacket ? "opus" : "pcm";
}
