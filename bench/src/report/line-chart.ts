import { element, label, line, round } from "./svg.ts";

export interface Series {
  readonly colour: string;
  /** Milliseconds by milliseconds. */
  readonly points: readonly (readonly [number, number])[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const [left, right, top, bottom] = [36, 12, 26, 24];

/** Lines over time, both axes in seconds. */
export function lineChart(title: string, { width, height }: Size, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const [endX, endY] = [largest(all.map(([x]) => x)), largest(all.map(([, y]) => y))];
  const x = (value: number) => left + (value / endX) * (width - left - right);
  const y = (value: number) => height - bottom - (value / endY) * (height - top - bottom);
  const ticksY = ticks(endY).map(
    (value) =>
      line([left, y(value)], [width - right, y(value)]) + label(inSeconds(value), [left - 6, y(value) + 4], "end", 11),
  );
  const ticksX = ticks(endX).map((value) => label(inSeconds(value), [x(value), height - bottom + 15], "middle", 11));
  const paths = series.map(({ colour, points }) =>
    element("polyline", {
      points: points.map(([at, age]) => `${round(x(at))},${round(y(age))}`).join(" "),
      fill: "none",
      stroke: colour,
      "stroke-width": 1.5,
    }),
  );
  return [label(title, [left, 14]), ...ticksY, ...ticksX, ...paths].join("");
}

/** About four round values from zero up to `end`. */
function ticks(end: number): readonly number[] {
  const rough = end / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 1);
}

function inSeconds(value: number): string {
  return String(round(value / 1000));
}
