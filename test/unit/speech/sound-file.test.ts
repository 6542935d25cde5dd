import { describe, expect, it } from "vitest";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { type AnswerSound, accumulate, emptyAnswer } from "../../../src/reply/accumulate.ts";
import { soundFile } from "../../../src/speech/sound-file.ts";
import { second } from "../adapters/discord/opus.ts";

type Format = AnswerSound["format"];

function heard(format: Format, pieces: readonly Uint8Array[]): AnswerSound | undefined {
  const events = pieces.map((data): AnswerEvent => ({ type: "audio", data, format }));
  return events.reduce(accumulate, emptyAnswer).sound;
}

function fileOf(format: Format, pieces: readonly Uint8Array[]) {
  const sound = heard(format, pieces);
  return sound && soundFile(sound);
}

const silence = (bytes: number) => new Uint8Array(bytes);

describe("the sound that an agent sent", () => {
  it("is a voice message when it is Ogg, wherever it was cut on its way", () => {
    const file = { kind: "voice", name: "voice.ogg", mimeType: "audio/ogg", data: Buffer.from(second) };
    expect(fileOf("opus", [second])).toEqual(file);
    expect(fileOf("opus", [second.subarray(0, 3), second.subarray(3, 700), second.subarray(700)])).toEqual(file);
  });

  it("is a WAV file when it is raw", () => {
    const file = fileOf("pcm", [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)]);
    expect(file).toMatchObject({ kind: "audio", name: "voice.wav", mimeType: "audio/wav" });
    const header = "524946462800000057415645666d74201000000001000100c05d000080bb0000020010006461746104000000";
    // The fifth byte is half of a sample.
    expect(Buffer.from(file?.data ?? []).toString("hex")).toBe(`${header}01020304`);
  });

  it.each<[what: string, format: Format, pieces: readonly Uint8Array[]]>([
    ["bare packets of Opus", "opus", [Uint8Array.of(0xf0, 1, 2), Uint8Array.of(0xf0, 3)]],
    ["nothing", "pcm", [silence(0)]],
    ["more than a chat takes", "pcm", [silence(6_000_000), silence(4_000_002)]],
    ["more than a chat takes, and what comes after it", "pcm", [silence(10_000_002), silence(2)]],
  ])("can't be played: %s", (_what, format, pieces) => expect(fileOf(format, pieces)).toBeUndefined());

  it("is kept up to what a chat takes", () => {
    expect(fileOf("pcm", [silence(6_000_000), silence(4_000_000)])?.data.length).toBe(10_000_044);
  });

  it("is none when none came", () => expect(heard("pcm", [])).toBeUndefined());
});
