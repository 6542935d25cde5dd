import type { CellResult } from "../measure.ts";
import { roomNames, rooms } from "../rooms.ts";
import type { Results } from "../run.ts";
import { workloads } from "../workloads.ts";
import { barChart, rangeOf } from "./bar-chart.ts";
import { lineChart } from "./line-chart.ts";
import { netCpu } from "./load-figures.ts";
import { colours, image, label, translated } from "./svg.ts";

export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

type Name = keyof typeof colours.contestants;

const margin = 20;
const headerHeight = 50;
const panel = { width: 360, height: 220 };

/** The charts that the results have figures for. */
export function chartsOf(results: Results): readonly Chart[] {
  return [...ageOverTime(results.cells), ...meanAges(results.cells), ...loads(results)];
}

function ageOverTime(cells: readonly CellResult[]): readonly Chart[] {
  const shown = cells.filter(({ profile, fault }) => profile === "A" && fault === undefined);
  const panels = (["W1", "W2"] as const).flatMap((workload) =>
    roomNames.map((room) => {
      const own = shown.filter(
        (cell) => cell.workload === workload && cell.room === room && !cell.contestant.endsWith("-draft"),
      );
      // What is drawn last lies on top.
      const series = own
        .toSorted((a, b) => order(b.contestant) - order(a.contestant))
        .map(({ contestant, curve }) => ({ colour: colours.contestants[contestant], points: curve }));
      return series.length === 0 ? "" : lineChart(`${rooms[room].title}, ${workload}`, panel, series);
    }),
  );
  return chart("age-over-time.svg", "Age of the visible text in seconds while an answer grows", panels, namesIn(shown));
}

function meanAges(cells: readonly CellResult[]): readonly Chart[] {
  const shown = cells.filter(
    ({ profile, fault, meanAgeMs }) => profile === "A" && fault === undefined && meanAgeMs !== null,
  );
  const range = rangeOf(shown.map(({ meanAgeMs }) => (meanAgeMs ?? 0) / 1000));
  const panels = roomNames.map((room) => {
    const own = shown.filter((cell) => cell.room === room && !cell.contestant.endsWith("-draft"));
    const groups = Object.keys(workloads).flatMap((workload) => {
      const bars = own
        .filter((cell) => cell.workload === workload)
        .toSorted((a, b) => order(a.contestant) - order(b.contestant));
      if (bars.length === 0) return [];
      return [
        {
          title: workload,
          bars: bars.map(({ contestant, meanAgeMs, missing }) => ({
            colour: colours.contestants[contestant],
            value: (meanAgeMs ?? 0) / 1000,
            isFlawed: missing > 0,
          })),
        },
      ];
    });
    return groups.length === 0 ? "" : barChart(rooms[room].title, panel, { range, groups, unit: "s" });
  });
  const title = "Mean age of the visible text in seconds (logarithmic; hollow: words are missing in the end)";
  return chart("mean-age.svg", title, panels, namesIn(shown));
}

function loads({ loads: all }: Results): readonly Chart[] {
  const own = all.filter(({ contestant }) => contestant !== "idle");
  const sizes = [...new Set(own.map(({ streams }) => streams))].sort((a, b) => a - b);
  const panelsOf = (unit: string, figure: (load: (typeof own)[number]) => number) =>
    (["telegram-private", "discord"] as const).map((room) => {
      const groups = sizes.map((streams) => ({
        title: String(streams),
        bars: own
          .filter((load) => load.room === room && load.streams === streams)
          .toSorted((a, b) => order(a.contestant) - order(b.contestant))
          .map((load) => ({ colour: colours.contestants[load.contestant], value: figure(load), isFlawed: false })),
      }));
      return own.some((load) => load.room === room)
        ? barChart(rooms[room].title, panel, { range: rangeOf(own.map(figure)), groups, unit })
        : "";
    });
  const names = namesIn(own);
  return [
    ...chart(
      "cpu.svg",
      "CPU milliseconds for 1,000 deltas by answers at once (net, logarithmic)",
      panelsOf("ms", (load) => netCpu(load, all)),
      names,
    ),
    ...chart(
      "event-loop.svg",
      "Event loop delay, 99th percentile, by answers at once (logarithmic)",
      panelsOf("ms", ({ loopP99Ms }) => loopP99Ms),
      names,
    ),
  ];
}

/** Panels in rows of three (or as many as there are) below a title and the contestants' names. */
function chart(file: string, title: string, panels: readonly string[], names: readonly Name[]): readonly Chart[] {
  const filled = panels.filter((content) => content !== "");
  if (filled.length === 0) return [];
  const columns = Math.min(3, filled.length);
  const size = [
    columns * panel.width + 2 * margin,
    Math.ceil(filled.length / columns) * panel.height + headerHeight + margin,
  ] as const;
  const placed = filled.map((content, index) =>
    translated(
      [margin + (index % columns) * panel.width, headerHeight + Math.floor(index / columns) * panel.height],
      content,
    ),
  );
  const key = names.map((name, index) => translated([margin + index * 90, 42], keyEntry(name)));
  return [{ file, title, svg: image(title, size, label(title, [margin, 20], "start", 14), ...key, ...placed) }];
}

function keyEntry(name: Name): string {
  return `<rect y="-9" width="10" height="10" fill="${colours.contestants[name]}"/>${label(name, [15, 0])}`;
}

function namesIn(items: readonly { readonly contestant: Name }[]): readonly Name[] {
  const present = new Set(items.map(({ contestant }) => contestant).filter((name) => !name.endsWith("-draft")));
  return [...present].sort((a, b) => order(a) - order(b));
}

function order(name: Name): number {
  return Object.keys(colours.contestants).indexOf(name);
}
