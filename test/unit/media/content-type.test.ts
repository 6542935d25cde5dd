import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentTypeOf } from "../../../src/media/content-type.ts";
import { sample, samples } from "./samples.ts";

describe("the type of a file", () => {
  test.each([...samples])("is found for %s, whatever its name says", (extension, data) => {
    expect(contentTypeOf(data, "txt")?.extensions[0]).toBe(extension);
  });

  test.each([
    ["image", ["png", "jpg", "gif", "webp", "bmp", "heic", "avif"]],
    ["audio", ["ogg", "wav", "flac", "amr", "mp3", "aac", "m4a"]],
    ["video", ["mp4", "mov", "webm", "mkv", "avi", "ogv"]],
    ["file", ["pdf", "zip", "docx", "epub", "doc"]],
  ])("is %s", (kind, extensions) => {
    for (const extension of extensions) expect(contentTypeOf(sample(extension), "")?.kind, extension).toBe(kind);
  });

  test.each([
    ["an MPEG frame without a tag", "\xff\xfb\x90\x64", "audio/mpeg"],
    ["a word that begins like a bitmap", "BMW builds cars in Munich and elsewhere.", undefined],
    ["half a picture's mark", "\x89PNG", undefined],
    ["nothing", "", undefined],
    ["bytes of no known type", "\x7fELF\x02\x01\x01\0", undefined],
    ["an archive that is cut off", sample("docx").subarray(0, 60).toString("latin1"), "application/zip"],
  ])("of %s", (_what, bytes, mimeType) => {
    expect(contentTypeOf(Buffer.from(bytes, "latin1"), "png")?.mimeType).toBe(mimeType);
  });

  test("of text is what its extension says, if that is one of a text", () => {
    const text = Buffer.from("名称,数量\r\n猫,2\n");
    expect(contentTypeOf(text, "csv")?.mimeType).toBe("text/csv");
    expect(contentTypeOf(text, "txt")?.mimeType).toBe("text/plain");
    expect(contentTypeOf(text, "png")).toBeUndefined();
    expect(contentTypeOf(text, "")).toBeUndefined();
    expect(contentTypeOf(Buffer.from("a\0b"), "txt")).toBeUndefined();
  });

  test.each([
    "<!DOCTYPE html><html>",
    "\ufeff\n <html>",
    "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "<?xml version='1.0'?><svg/>",
    "<!-- x --><script>",
  ])("of %s is none at all", (markup) => {
    for (const extension of ["png", "svg", "html", "txt", "csv", "pdf", ""]) {
      expect(contentTypeOf(Buffer.from(markup), extension)).toBeUndefined();
    }
  });

  test("is looked for in any bytes without an error", () => {
    const anything = fc.tuple(fc.constantFrom(...samples.values()), fc.uint8Array({ maxLength: 60 }), fc.nat(200));
    fc.assert(
      fc.property(anything, ([head, tail, length]) => {
        contentTypeOf(Buffer.concat([head.subarray(0, length), tail]), "txt");
      }),
      { numRuns: 2000 },
    );
  });
});
