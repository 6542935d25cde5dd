import { crc32, deflateSync } from "node:zlib";

/** Red, green and blue, each from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** The colour of a point; pixels are one unit wide. */
  readonly colourAt: (x: number, y: number) => Rgb;
}

/** Draws a PNG (ISO/IEC 15948): truecolour, every pixel the mean of four points, so that edges are smooth. */
export function drawPng({ width, height, colourAt }: Drawing): Buffer {
  const stride = 1 + 3 * width;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    pixels[stride * y] = SUB;
    let left: Rgb = [0, 0, 0];
    for (let x = 0; x < width; x += 1) {
      const pixel = mean(points.map(([right, down]) => colourAt(x + right, y + down)));
      pixels.set(pixel.map(within(left)), stride * y + 1 + 3 * x);
      left = pixel;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS_PER_SAMPLE, TRUECOLOUR], 8);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(pixels, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** How large a PNG is, in pixels; nothing for other files. */
export function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.length < 24 || !file.subarray(0, 8).equals(signature)) return undefined;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const BITS_PER_SAMPLE = 8;
const TRUECOLOUR = 2;
/** The filter that keeps the difference to the pixel on the left. */
const SUB = 1;

const points = [0.25, 0.75].flatMap((x) => [0.25, 0.75].map((y) => [x, y] as const));

function mean(colours: readonly Rgb[]): Rgb {
  const of = (sample: 0 | 1 | 2) =>
    Math.round(colours.reduce((sum, colour) => sum + colour[sample], 0) / colours.length);
  return [of(0), of(1), of(2)];
}

function within(left: Rgb): (sample: number, index: number) => number {
  return (sample, index) => (sample - (left[index] ?? 0)) & 0xff;
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
