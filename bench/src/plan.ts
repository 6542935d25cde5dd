import type { ContestantName } from "./contestants/index.ts";
import { type FaultName, faults } from "./faults.ts";
import { type Profile, type RoomName, roomNames } from "./rooms.ts";
import type { WorkloadName } from "./workloads.ts";

/** One answer in one chat. */
export interface Cell {
  readonly contestant: ContestantName;
  readonly room: RoomName;
  readonly workload: WorkloadName;
  readonly profile: Profile;
  readonly fault?: FaultName;
}

/** Many answers at once, in chats of their own, without limits. */
export interface LoadCell {
  readonly contestant: ContestantName;
  readonly room: RoomName;
  readonly streams: number;
}

export interface Plan {
  readonly cells: readonly Cell[];
  readonly loads: readonly LoadCell[];
}

const profiles: readonly Profile[] = ["A", "B", "C"];
const everywhere: readonly WorkloadName[] = ["W0", "W1", "W2", "W3", "W4", "W5", "W6", "W7"];
const quick: readonly WorkloadName[] = ["W1", "W2", "W3", "W5"];
const faultNames = Object.keys(faults) as FaultName[];

/** Streams at once. The `chat` package needs more than a minute for 60 answers of 20 seconds. */
const loadSizes: Readonly<Partial<Record<ContestantName, readonly number[]>>> = {
  idle: [1, 5, 20, 60, 200, 500],
  ours: [1, 5, 20, 60, 200, 500],
  naive: [20, 200],
  chat: [1, 5, 20, 60],
};

export function idOf({ contestant, room, workload, profile, fault }: Cell): string {
  return `${contestant}/${room}/${workload}${fault ? `+${fault}` : ""}/${profile}`;
}

export function loadIdOf({ contestant, room, streams }: LoadCell): string {
  return `${contestant}/${room}/W9-${streams}/off`;
}

/** Everything, a short selection, or the cells whose id matches. */
export function planOf({ isQuick = false, only }: { readonly isQuick?: boolean; readonly only?: RegExp }): Plan {
  const cells = [...growingAnswers(), ...longAnswers(), ...faultyAnswers()];
  const isWanted = (cell: Cell) =>
    only ? only.test(idOf(cell)) : !isQuick || (cell.profile === "A" && !cell.fault && quick.includes(cell.workload));
  return {
    cells: cells.filter(isWanted),
    loads: loads().filter((load) => (only ? only.test(loadIdOf(load)) : !isQuick)),
  };
}

function growingAnswers(): Cell[] {
  return profiles.flatMap((profile) =>
    everywhere.flatMap((workload) =>
      roomNames.flatMap((room) => contestantsIn(room).map((contestant) => ({ contestant, room, workload, profile }))),
    ),
  );
}

/** In a group 40,000 characters need more messages than its limit has room for. */
function longAnswers(): Cell[] {
  const longRooms = ["telegram-private", "discord"] as const;
  return longRooms.flatMap((room) =>
    contestantsIn(room).map((contestant) => ({ contestant, room, workload: "W8" as const, profile: "A" as const })),
  );
}

function faultyAnswers(): Cell[] {
  const contestants = ["ours", "chat", "naive"] as const;
  return faultNames.flatMap((fault) =>
    roomNames.flatMap((room) =>
      contestants.map((contestant) => ({ contestant, room, workload: "W1" as const, profile: "A" as const, fault })),
    ),
  );
}

function contestantsIn(room: RoomName): readonly ContestantName[] {
  const inAll = ["ours", "chat", "naive"] as const;
  return room === "telegram-private" ? [...inAll, "ours-draft", "chat-draft"] : inAll;
}

function loads(): LoadCell[] {
  return Object.entries(loadSizes).flatMap(([name, sizes]) =>
    sizes.flatMap((streams) => {
      const contestant = name as ContestantName;
      const rooms =
        contestant === "idle" ? (["telegram-private"] as const) : (["telegram-private", "discord"] as const);
      return rooms.map((room) => ({ contestant, room, streams }));
    }),
  );
}
