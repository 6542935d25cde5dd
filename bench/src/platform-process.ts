import type { ChatPlatform, Person, Room } from "../../src/playground/chat-platform.ts";
import { startDiscordEmulator } from "../../src/playground/discord/index.ts";
import { limitProfiles, startTelegramEmulator } from "../../src/playground/telegram/index.ts";
import { type FaultName, planFault } from "./faults.ts";
import type { Observation } from "./metrics/observation.ts";
import { observe } from "./observe.ts";
import { serve } from "./remote.ts";
import { latencyMs, type Profile, type RoomName, rooms } from "./rooms.ts";

/** The process of the chat platforms: one emulator for each cell. */
export interface PlatformService {
  open(wish: PlatformWish): Promise<OpenPlatform>;
  /** A person writes in every room; the text is the room's id. */
  greet(platform: number): Promise<void>;
  observe(place: { readonly platform: number; readonly room: string }): Promise<Observation>;
  close(platform: number): Promise<void>;
}

export interface PlatformWish {
  readonly room: RoomName;
  readonly profile: Profile;
  /** How many rooms of this kind. */
  readonly count: number;
  readonly fault?: { readonly name: FaultName; readonly lastWord: string };
}

export interface OpenPlatform {
  readonly platform: number;
  readonly name: ChatPlatform["name"];
  /** The variables that point a bot at the emulator. */
  readonly environment: Readonly<Record<string, string>>;
  readonly rooms: readonly string[];
}

interface Seat {
  readonly person: Person;
  readonly room: Room;
}

const telegramProfiles = {
  A: limitProfiles.documented,
  B: limitProfiles.penalties,
  C: limitProfiles.lenientGroupEdits,
  off: "off",
} as const;

const opened: { readonly emulator: ChatPlatform; readonly seats: readonly Seat[] }[] = [];

function emulatorOf(platform: number) {
  const found = opened[platform];
  if (!found) throw new Error(`No emulator has the number ${platform}.`);
  return found;
}

serve<PlatformService>({
  async open({ room, profile, count, fault }) {
    const emulator = await startEmulator(room, profile);
    const seats = Array.from({ length: count }, (_, index) => takeSeat(emulator, room, index));
    if (fault) planFault(emulator, fault.name, fault.lastWord);
    opened.push({ emulator, seats });
    const { name, environment } = emulator;
    return { platform: opened.length - 1, name, environment, rooms: seats.map((seat) => seat.room.id) };
  },

  async greet(platform) {
    const { emulator, seats } = emulatorOf(platform);
    for (const { person, room } of seats) emulator.say(person, room, room.id, { mention: room.kind !== "private" });
  },

  async observe({ platform, room }) {
    const { emulator, seats } = emulatorOf(platform);
    const seat = seats.find((candidate) => candidate.room.id === room);
    if (!seat) throw new Error(`There is no room ${room}.`);
    return observe(emulator, seat.room);
  },

  close: (platform) => emulatorOf(platform).emulator.close(),
});

function startEmulator(room: RoomName, profile: Profile): Promise<ChatPlatform> {
  if (rooms[room].platform === "discord") return startDiscordEmulator({ latencyMs, limits: profile });
  return startTelegramEmulator({ latencyMs, limits: telegramProfiles[profile] });
}

function takeSeat(emulator: ChatPlatform, room: RoomName, index: number): Seat {
  const person = emulator.addPerson({ name: `Ann ${index}` });
  if (room === "telegram-private") return { person, room: emulator.privateRoom(person) };
  return { person, room: emulator.addGroup(`Friends ${index}`, [person]) };
}
