import { cpus } from "node:os";
import type { CellResult } from "../measure.ts";
import { latencyMs, type Profile, roomNames, rooms } from "../rooms.ts";
import type { Results } from "../run.ts";
import { cellTable, loadTable, missedList, targetTable } from "./tables.ts";
import { targetsOf } from "./targets.ts";

const profileTitles: Readonly<
  Record<Exclude<Profile, "off">, { readonly telegram: string; readonly discord: string }>
> = {
  A: { telegram: "limits as documented", discord: "posts and edits counted apart" },
  B: {
    telegram: "a breach closes the chat for 30 s, then 135 s, then 503 s",
    discord: "posts and edits counted together",
  },
  C: { telegram: "edits in groups counted apart, 30 a minute", discord: "as A, and fewer edits of old messages" },
};

/** The report that stands in the repository. `charts` are the names of the images beside it. */
export function reportOf(
  results: Results,
  charts: readonly { readonly file: string; readonly title: string }[],
): string {
  const targets = targetsOf(results);
  const missed = missedList(targets);
  return [
    "# Bench: results",
    machineFacts(),
    "## Targets",
    targetTable(targets),
    ...(missed === "" ? [] : ["Missed:", missed]),
    ...charts.map(({ file, title }) => `![${title}](${file})`),
    legend,
    ...roomSections(results.cells),
    ...faultSections(results.cells),
    ...loadSections(results),
    "",
  ].join("\n\n");
}

/** What was measured, on what and when, and how to do it again. */
export function machineFacts(): string {
  const [cpu] = cpus();
  const facts = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.version} on ${cpus().length} × ${cpu?.model ?? "?"}`,
    `against this project's emulators, each call ${latencyMs} ms long. No real platform was called.`,
  ];
  return `${facts.join(", ")} Repeat it with \`npm run bench\`; it takes about 25 minutes. One run, so small differences mean nothing.`;
}

const legend = `## What the columns mean

- **ours** is this project's engine; **chat** the npm package \`chat\` with its own adapters and defaults; **naive** a loop
  that edits every 500 ms on grammY and discord.js. **-draft**: with Telegram's native drafts.
- **first text**: from the first delta until any word of it is visible. **mean age, p95, max**: at any moment the age is the
  time since the oldest character was produced that is not visible yet, taken from the first delta to the last.
  **× S\\***: the mean age as a multiple of the best that a limit of one call a second (groups 20 a minute, Discord 5 in
  5 s, drafts 40 in 30 s) allows who knows the length beforehand; short bursts that the emulators allow can beat it.
  **final**: from the last delta until everything stands as it stays.
- **wasted**: calls that were refused or changed nothing. **in penalty**: calls made while an earlier 429 said to wait.
- **missing, doubled**: words of the answer. **rewrites**: updates that changed text which was visible before.`;

function roomSections(cells: readonly CellResult[]): readonly string[] {
  const quiet = cells.filter(({ fault }) => fault === undefined);
  return roomNames.flatMap((room) =>
    (["A", "B", "C"] as const).flatMap((profile) => {
      const own = quiet.filter((cell) => cell.room === room && cell.profile === profile).toSorted(byWorkload);
      if (own.length === 0) return [];
      const { title, platform } = rooms[room];
      return [`## ${title}, profile ${profile}: ${profileTitles[profile][platform]}`, cellTable(own)];
    }),
  );
}

function faultSections(cells: readonly CellResult[]): readonly string[] {
  return roomNames.flatMap((room) => {
    const own = cells.filter((cell) => cell.fault !== undefined && cell.room === room);
    const sorted = own.toSorted((a, b) => (a.fault ?? "").localeCompare(b.fault ?? "") || byContestant(a, b));
    return own.length === 0 ? [] : [`## ${rooms[room].title}: W1 while something goes wrong`, cellTable(sorted)];
  });
}

function loadSections({ loads }: Results): readonly string[] {
  if (loads.length === 0) return [];
  const intro =
    "W9: answers of 3.9k characters of ordinary markdown at 200 characters a second, all at once and without limits. CPU is that " +
    "of the contestant's process for 1,000 deltas; net CPU leaves out what the same deltas cost when nobody uses them " +
    "(idle). Heap is what stays for an answer that is complete but open. The event loop is looked at every 2 ms, and " +
    "that time is part of the figures.";
  const tables = roomNames.flatMap((room) => {
    const own = loads.filter((load) => load.room === room && load.contestant !== "idle");
    const idle = loads.filter(({ contestant }) => contestant === "idle");
    const sorted = [...own, ...idle].toSorted(
      (a, b) => a.streams - b.streams || b.contestant.localeCompare(a.contestant),
    );
    return own.length === 0 ? [] : [`### ${rooms[room].title}`, loadTable(sorted)];
  });
  return ["## Many answers at once", intro, ...tables];
}

function byWorkload(a: CellResult, b: CellResult): number {
  return a.workload.localeCompare(b.workload) || byContestant(a, b);
}

const contestantOrder = ["ours", "chat", "naive", "ours-draft", "chat-draft"];

function byContestant(a: CellResult, b: CellResult): number {
  return contestantOrder.indexOf(a.contestant) - contestantOrder.indexOf(b.contestant);
}
