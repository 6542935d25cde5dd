import { element, label, line, round } from "./svg.ts";

export interface Bars {
  /** What the axis reaches from and to; both powers of ten. */
  readonly range: readonly [number, number];
  readonly groups: readonly { readonly title: string; readonly bars: readonly Bar[] }[];
  readonly unit: string;
}

export interface Bar {
  readonly colour: string;
  readonly value: number;
  /** Drawn hollow: the figure alone would say too much. */
  readonly isFlawed: boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const [left, right, top, bottom] = [44, 12, 26, 24];

/** Groups of bars on a logarithmic axis: the figures differ by orders of magnitude. */
export function barChart(title: string, { width, height }: Size, { range, groups, unit }: Bars): string {
  const [low, high] = range;
  const span = Math.log10(high / low);
  const y = (value: number) =>
    height - bottom - (Math.log10(Math.max(value, low) / low) / span) * (height - top - bottom);
  const grid = Array.from({ length: Math.round(span) + 1 }, (_, index) => low * 10 ** index).map(
    (value) =>
      line([left, y(value)], [width - right, y(value)]) +
      label(`${shown(value)} ${unit}`, [left - 4, y(value) + 4], "end", 10),
  );
  const groupWidth = (width - left - right) / groups.length;
  const drawn = groups.map(({ title: name, bars }, index) => {
    const start = left + index * groupWidth;
    const barWidth = Math.min(18, (groupWidth - 6) / Math.max(1, bars.length));
    const offset = (groupWidth - barWidth * bars.length) / 2;
    const rects = bars.map((bar, place) => drawBar(bar, start + offset + place * barWidth, barWidth, y));
    return [...rects, label(name, [start + groupWidth / 2, height - bottom + 15], "middle", 11)].join("");
  });
  return [label(title, [left, 14]), ...grid, ...drawn].join("");
}

/** The powers of ten around all the values, so that charts beside each other can be compared. */
export function rangeOf(values: readonly number[]): readonly [number, number] {
  const positive = values.filter((value) => value > 0);
  const power = (value: number, rounded: (exponent: number) => number) => 10 ** rounded(Math.log10(value));
  return [power(Math.min(...positive), Math.floor), power(Math.max(...positive) * 1.01, Math.ceil)];
}

function drawBar({ colour, value, isFlawed }: Bar, x: number, width: number, y: (value: number) => number): string {
  const [start, end] = [y(0), y(value)];
  return element("rect", {
    x: round(x + 1),
    y: round(end),
    width: round(width - 2),
    height: round(Math.max(1, start - end)),
    fill: isFlawed ? "none" : colour,
    stroke: colour,
  });
}

function shown(value: number): string {
  return String(Number(value.toPrecision(2)));
}
