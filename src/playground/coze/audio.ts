import {
  authorized,
  type Endpoint,
  type Fields,
  optionalInteger,
  optionalText,
  type Reply,
  requiredText,
  success,
} from "./api.ts";
import { extensionOf, theFile } from "./files.ts";
import { silentOggOpus } from "./ogg-opus.ts";
import { fileTooBig, invalidFileType, invalidParameter, unauthorized } from "./refusal.ts";
import type { Service } from "./service.ts";

/** Coze docs audio_transcriptions, text_to_speech. */
const LARGEST_RECORDING = 10 * 1024 * 1024;
const RECORDING_TYPES = new Set(["ogg", "mp3", "wav", "m4a", "mp4", "pcm", "opus", "amr", "aac", "spx", "raw"]);
const LONGEST_INPUT_BYTES = 1024;
const DEFAULT_SAMPLE_RATE = 24_000;
const SPOKEN_MS_PER_CHARACTER = 80;

/** Speech into text and text into speech. */
export function audioEndpoints(service: Service): readonly Endpoint[] {
  const refuse = () => unauthorized("access-token");
  return [
    {
      name: "POST /v1/audio/transcriptions",
      answer: authorized(refuse, ({ files }) => {
        const file = theFile(files);
        if (file.bytes.length > LARGEST_RECORDING) throw fileTooBig();
        if (!RECORDING_TYPES.has(extensionOf(file.name))) throw invalidFileType(extensionOf(file.name));
        return success({ text: service.hear(file) });
      }),
    },
    { name: "POST /v1/audio/speech", answer: authorized(refuse, ({ body }) => speak(body)) },
  ];
}

function speak(body: Fields): Reply {
  const input = requiredText(body, "input");
  requiredText(body, "voice_id");
  if (Buffer.byteLength(input) > LONGEST_INPUT_BYTES) {
    throw invalidParameter(`input is longer than ${LONGEST_INPUT_BYTES} bytes`);
  }
  const sampleRate = optionalInteger(body, "sample_rate") ?? DEFAULT_SAMPLE_RATE;
  const durationMs = [...input].length * SPOKEN_MS_PER_CHARACTER;
  const samples = Buffer.alloc(2 * Math.ceil((sampleRate * durationMs) / 1000));
  switch (optionalText(body, "response_format") ?? "mp3") {
    case "ogg_opus":
      return { kind: "bytes", contentType: "audio/ogg", bytes: silentOggOpus(durationMs) };
    case "wav":
      return {
        kind: "bytes",
        contentType: "audio/wav",
        bytes: Buffer.concat([wavHeader(samples.length, sampleRate), samples]),
      };
    case "pcm":
      return { kind: "bytes", contentType: "audio/pcm", bytes: samples };
    case "mp3":
      return { kind: "bytes", contentType: "audio/mpeg", bytes: silentMp3(durationMs) };
    default:
      throw invalidParameter("response_format must be mp3, wav, pcm or ogg_opus");
  }
}

/** 16 bit, mono. */
function wavHeader(length: number, sampleRate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(length, 40);
  return header;
}

/** Frames of MPEG-2 layer III, 64 kbit/s, 24 kHz, mono: 24 ms in 192 bytes, of which nothing but the header is set. */
function silentMp3(durationMs: number): Buffer {
  const frame = Buffer.alloc(192);
  frame.writeUInt32BE(0xfff384c4, 0);
  return Buffer.concat(Array<Buffer>(Math.max(1, Math.ceil(durationMs / 24))).fill(frame));
}
