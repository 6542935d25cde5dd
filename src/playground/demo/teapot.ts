import type { ShownFile } from "../chat-platform.ts";
import { drawPng, type Rgb } from "./png.ts";

/** What the teapot is seen by. */
export interface Light {
  /** As a person asks for it. */
  readonly title: string;
  readonly fileName: string;
  /** From top to horizon. */
  readonly sky: readonly [Rgb, Rgb];
  readonly table: Rgb;
  readonly pot: Rgb;
  /** Sun or moon. */
  readonly lamp: { readonly x: number; readonly y: number; readonly radius: number; readonly colour: Rgb };
  readonly hasStars?: boolean;
}

export const sunset: Light = {
  title: "At sunset",
  fileName: "teapot.png",
  sky: [rgb("5b4b8a"), rgb("ffb35c")],
  table: rgb("6b3f2a"),
  pot: rgb("c8553d"),
  lamp: { x: 40, y: 104, radius: 26, colour: rgb("ffe29a") },
};

/** Those that one can ask for. */
export const lights: readonly Light[] = [
  {
    title: "By moonlight",
    fileName: "teapot-by-moonlight.png",
    sky: [rgb("0b1030"), rgb("34406b")],
    table: rgb("1c1a2b"),
    pot: rgb("5d76a8"),
    lamp: { x: 206, y: 30, radius: 15, colour: rgb("f4f1de") },
    hasStars: true,
  },
  {
    title: "At noon",
    fileName: "teapot-at-noon.png",
    sky: [rgb("3a86d9"), rgb("cfeaff")],
    table: rgb("b98a56"),
    pot: rgb("e4572e"),
    lamp: { x: 122, y: 18, radius: 13, colour: rgb("fffbe0") },
  },
  {
    title: "In the mist",
    fileName: "teapot-in-the-mist.png",
    sky: [rgb("b9c0c7"), rgb("dfe3e6")],
    table: rgb("a9adb0"),
    pot: rgb("b3a19b"),
    lamp: { x: 56, y: 40, radius: 17, colour: rgb("f2f3f3") },
  },
];

const WIDTH = 240;
const HEIGHT = 160;
const HORIZON = 128;

const drawn = new Map<Light, Uint8Array>();

/** A picture of a teapot on a table. */
export function teapotIn(light: Light): ShownFile {
  const bytes =
    drawn.get(light) ?? drawPng({ width: WIDTH, height: HEIGHT, colourAt: (x, y) => colourAt(light, x, y) });
  drawn.set(light, bytes);
  return { kind: "image", name: light.fileName, mimeType: "image/png", bytes };
}

function colourAt({ pot, table, ...light }: Light, x: number, y: number): Rgb {
  if (isIn(ellipse(100, 84, 11, 15), x, y)) return mixed(pot, white, 0.45);
  if (isIn(ellipse(120, 66, 27, 3), x, y)) return mixed(pot, black, 0.35);
  if (teapot.some((shape) => isIn(shape, x, y))) return mixed(pot, black, Math.max(0, (x - 90) / 260));
  if (isIn(ellipse(126, 136, 70, 7), x, y)) return mixed(table, black, 0.4);
  return y >= HORIZON ? table : skyAt(light, x, y);
}

function skyAt({ sky, lamp, hasStars }: Omit<Light, "pot" | "table">, x: number, y: number): Rgb {
  if (Math.hypot(x - lamp.x, y - lamp.y) < lamp.radius) return lamp.colour;
  if (hasStars && stars.some(([left, top]) => Math.hypot(x - left, y - top) < 1.1)) return lamp.colour;
  return mixed(sky[0], sky[1], Math.floor(y) / HORIZON);
}

/** Negative inside. */
type Shape = (x: number, y: number) => number;

const spout: Shape = (x, y) => {
  const along = Math.min(1, Math.max(0, ((x - 152) * 50 - (y - 104) * 44) / (50 ** 2 + 44 ** 2)));
  return Math.hypot(x - 152 - 50 * along, y - 104 + 44 * along) - (15 - 10 * along);
};

const handle: Shape = (x, y) => Math.max(ellipse(70, 92, 29, 27)(x, y), -ellipse(70, 92, 20, 18)(x, y));

const teapot: readonly Shape[] = [
  ellipse(120, 96, 48, 36),
  ellipse(120, 62, 26, 10),
  ellipse(120, 49, 7, 6),
  ellipse(120, 130, 28, 5),
  spout,
  handle,
];

const stars = [
  [18, 22],
  [47, 58],
  [64, 14],
  [90, 34],
  [142, 12],
  [165, 40],
  [184, 74],
  [226, 62],
  [220, 104],
  [24, 88],
] as const;

function isIn(shape: Shape, x: number, y: number): boolean {
  return shape(x, y) < 0;
}

function ellipse(left: number, top: number, width: number, height: number): Shape {
  return (x, y) => ((x - left) / width) ** 2 + ((y - top) / height) ** 2 - 1;
}

const white = rgb("ffffff");
const black = rgb("000000");

function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  const of = (sample: 0 | 1 | 2) => one[sample] + (other[sample] - one[sample]) * share;
  return [of(0), of(1), of(2)];
}

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}
