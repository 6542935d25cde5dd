import { inflateSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PictureServer, startPictureServer } from "../../../src/playground/demo/picture-server.ts";
import { drawPng, pngSize, type Rgb } from "../../../src/playground/demo/png.ts";
import { lights, sunset, teapotIn } from "../../../src/playground/demo/teapot.ts";

let server: PictureServer;

beforeEach(async () => {
  server = await startPictureServer(0);
});
afterEach(() => server.close());

/** The rows of pixels of a PNG that filters each by the pixel on the left. */
function pixelsOf(png: Buffer, width: number): number[][] {
  const start = png.indexOf("IDAT");
  const raw = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
  const stride = 1 + 3 * width;
  return Array.from({ length: raw.length / stride }, (_, row) => {
    const line = [...raw.subarray(row * stride + 1, (row + 1) * stride)];
    for (const [index, value] of line.entries()) line[index] = (value + (line[index - 3] ?? 0)) & 0xff;
    return line;
  });
}

test("a PNG holds the colours that were drawn", () => {
  const [red, blue]: [Rgb, Rgb] = [
    [200, 10, 0],
    [0, 20, 250],
  ];
  const png = drawPng({ width: 2, height: 2, colourAt: (x, y) => (x < 1 === y < 1 ? red : blue) });
  expect(pixelsOf(png, 2)).toEqual([
    [...red, ...blue],
    [...blue, ...red],
  ]);
  expect(pngSize(png)).toEqual({ width: 2, height: 2 });
});

test("an edge through a pixel gives it the colour between", () => {
  const png = drawPng({ width: 1, height: 1, colourAt: (x) => (x < 0.5 ? [0, 0, 0] : [100, 200, 50]) });
  expect(pixelsOf(png, 1)).toEqual([[50, 100, 25]]);
});

test("another file has no size in pixels", () => {
  expect(pngSize(Buffer.from("GIF89a, and more than twenty-four bytes"))).toBeUndefined();
  expect(pngSize(new Uint8Array())).toBeUndefined();
});

test("every light makes another picture of a few kilobytes", () => {
  const pictures = [sunset, ...lights].map((light) => Buffer.from(teapotIn(light).bytes).toString("base64"));
  expect(new Set(pictures).size).toBe(4);
  for (const picture of pictures) expect(picture.length).toBeLessThan(10_000);
});

test.each(lights.map((light) => [light.fileName, light] as const))("%s is served as it is", async (name, light) => {
  const response = await fetch(`${server.url}/${name}`);
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(teapotIn(light).bytes));
});

test("nothing else is served", async () => {
  expect((await fetch(`${server.url}/teapot.png`)).status).toBe(404);
});
