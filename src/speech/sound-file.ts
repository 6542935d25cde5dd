import type { MediaItem } from "../adapter.ts";
import type { AnswerSound } from "../reply/accumulate.ts";

/** A voice message; `data` is Ogg with Opus. */
export function voiceMessage(data: Uint8Array): MediaItem {
  return { kind: "voice", name: "voice.ogg", mimeType: "audio/ogg", data };
}

/**
 * The sound that an agent sent, as a file that can be played. Nothing for bare packets of Opus: how Coze parts them is not
 * documented.
 */
export function soundFile({ format, data }: AnswerSound): MediaItem | undefined {
  const bytes = Buffer.concat(data);
  if (bytes.length === 0) return undefined;
  if (bytes.toString("latin1", 0, 4) === "OggS") return voiceMessage(bytes);
  return format === "pcm" ? { kind: "audio", name: "voice.wav", mimeType: "audio/wav", data: wav(bytes) } : undefined;
}

/** Coze docs chat_v3, `conversation.audio.delta`: 16 bit, mono. */
const samplesPerSecond = 24_000;
const bytesPerSample = 2;

/** The format `WAVE_FORMAT_PCM` of RIFF (IBM and Microsoft, Multimedia Programming Interface and Data Specifications 1.0). */
function wav(pcm: Buffer): Buffer {
  const length = pcm.length - (pcm.length % bytesPerSample);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(header.length - 8 + length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(samplesPerSecond, 24);
  header.writeUInt32LE(samplesPerSecond * bytesPerSample, 28);
  header.writeUInt16LE(bytesPerSample, 32);
  header.writeUInt16LE(8 * bytesPerSample, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(length, 40);
  return Buffer.concat([header, pcm.subarray(0, length)]);
}
