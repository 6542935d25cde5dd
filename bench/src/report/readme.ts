import type { CellResult } from "../measure.ts";
import { type RoomName, roomNames, rooms } from "../rooms.ts";
import type { Results } from "../run.ts";
import { workloads } from "../workloads.ts";
import type { Chart } from "./charts.ts";
import { machineFacts } from "./document.ts";
import { markdownTable } from "./tables.ts";

const begin = "<!-- npm run bench writes from here -->";
const end = "<!-- to here -->";

const shownWorkloads = ["W1", "W2", "W3", "W4", "W5"] as const;
const shownContestants = ["ours", "chat", "naive"] as const;

/** `readme` with the figures of a whole run between its two marks. */
export function withFigures(readme: string, results: Results, charts: readonly Chart[]): string {
  const [before, rest = ""] = readme.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`README.md lacks "${begin}" or "${end}".`);
  const [chart] = charts;
  const picture = chart ? [`![${chart.title}](bench/results/${chart.file})`] : [];
  const part = [machineFacts(), ageTable(results.cells), ...picture].join("\n\n");
  return `${before}${begin}\n\n${part}\n\n${end}${after}`;
}

function ageTable(cells: readonly CellResult[]): string {
  const rows = roomNames.flatMap((room) =>
    shownWorkloads.map((workload, i) => [
      i === 0 ? rooms[room].title : "",
      workloads[workload].title,
      ...shownContestants.map((contestant) => ageIn(cells, { contestant, room, workload })),
    ]),
  );
  return markdownTable(["mean age of unseen text", "answer", ...shownContestants], rows);
}

function ageIn(
  cells: readonly CellResult[],
  place: { readonly contestant: string; readonly room: RoomName; readonly workload: string },
): string {
  const cell = cells.find(
    ({ contestant, room, workload, profile, fault }) =>
      contestant === place.contestant &&
      room === place.room &&
      workload === place.workload &&
      profile === "A" &&
      fault === undefined,
  );
  if (!cell || cell.meanAgeMs === null) return "–";
  const age = `${(cell.meanAgeMs / 1000).toFixed(2)} s`;
  return cell.missing > 0 ? `${age}, ${cell.missing} words lost` : age;
}
