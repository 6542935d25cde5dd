import { describe, expect, it } from "vitest";
import { voiceMetadataOf } from "../../../../adapters/discord/voice.ts";
import { oggOpus, second } from "./opus.ts";

function waveform(ogg: Uint8Array): readonly number[] {
  return [...Buffer.from(voiceMetadataOf(ogg)?.waveform ?? "", "base64")];
}

describe("the duration", () => {
  it.each([
    ["is the end of the last page without what is skipped", { packets: Array(50).fill(40) }, 1],
    ["counts packets of any length", { packets: Array(10).fill(300), samples: 2_880, preSkip: 3_840 }, 0.6],
    ["is that of packets longer than a segment", { packets: Array(25).fill(255) }, 0.5],
  ])("%s", (_, sound, seconds) => {
    expect(voiceMetadataOf(oggOpus(sound))?.duration_secs).toBeCloseTo(seconds, 6);
  });

  it("leaves out a page on which no packet ends", () => {
    const withoutEnd = Buffer.from(second);
    withoutEnd.writeBigInt64LE(-1n, withoutEnd.lastIndexOf("OggS") + 6);
    expect(voiceMetadataOf(withoutEnd)?.duration_secs).toBeCloseTo(0.96, 6);
  });
});

describe("the waveform", () => {
  it("has a point for every 100 ms, the loudest of which is 255", () => {
    const loud = oggOpus({ packets: [...Array(25).fill(3), ...Array(25).fill(120)] });
    expect(waveform(loud)).toEqual([6, 6, 6, 6, 6, 255, 255, 255, 255, 255]);
  });

  it("has at most 256 points", () => expect(waveform(oggOpus({ packets: Array(3_000).fill(50) }))).toHaveLength(256));

  it("has one point for the shortest sound", () => expect(waveform(oggOpus({ packets: [10] }))).toEqual([255]));
});

it.each([
  ["nothing", new Uint8Array()],
  ["another file", Buffer.from("ID3 and so on, for more than the length of one page header")],
  [
    "Ogg with another sound",
    Buffer.from(Buffer.from(second).toString("latin1").replace("OpusHead", "fishead\0"), "latin1"),
  ],
  ["headers without sound", oggOpus({ packets: [] })],
  ["a page that breaks off", second.subarray(0, 20)],
])("says nothing of %s", (_, bytes) => expect(voiceMetadataOf(bytes)).toBeUndefined());

it("takes a file that breaks off for as long as it goes", () => {
  expect(voiceMetadataOf(second.subarray(0, second.length - 60))?.duration_secs).toBeGreaterThan(0.9);
});
