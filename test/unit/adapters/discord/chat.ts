import type { CommandEvent, Target } from "../../../../src/adapter.ts";
import type { Person, Room } from "../../../../src/playground/chat-platform.ts";
import type { DiscordEmulator, DiscordEmulatorOptions } from "../../../../src/playground/discord/index.ts";
import { type BridgeSide, emulator, onlineBridge, stored } from "./bridge-side.ts";

/** The emulator's names of the calls that send and change messages. */
export const create = "POST /channels/:id/messages";
export const update = "PATCH /channels/:id/messages/:id";
export const removal = "DELETE /channels/:id/messages/:id";
export const followUp = "POST /webhooks/:id/:token";
export const original = "PATCH /webhooks/:id/:token/messages/:id";
export const answerRemoval = "DELETE /webhooks/:id/:token/messages/:id";

export interface Chat {
  readonly discord: DiscordEmulator;
  readonly bridge: BridgeSide;
  readonly person: Person;
  readonly room: Room;
  /** Where an answer to the person's message goes. */
  readonly target: Target;
}

type Config = Parameters<typeof onlineBridge>[1];

/** A private chat in which a person has said something. */
export async function chat(config: Config = {}, options: DiscordEmulatorOptions = {}): Promise<Chat> {
  const discord = await emulator(options);
  const bridge = await onlineBridge(discord, config);
  const person = discord.addPerson();
  const room = discord.privateRoom(person);
  discord.say(person, room, "hello");
  const [event] = await bridge.received(1);
  if (!event) throw new Error("nothing arrived");
  return { discord, bridge, person, room, target: stored(event.target) };
}

/** A chat in which a person has given a command: in private, or in a server's channel, where that person alone sees the answer. */
export async function command(where: "private" | "group", config: Config = {}, options: DiscordEmulatorOptions = {}) {
  const c = await chat(config, options);
  await c.bridge.adapter.registerCommands?.([{ name: "help", description: "Help", translations: {} }]);
  const room = where === "private" ? c.room : c.discord.addGroup("general", [c.person, c.discord.addPerson()]);
  c.discord.command(c.person, room, "help");
  const event = (await c.bridge.received(2))[1] as CommandEvent;
  return { ...c, room, privateRoom: c.room, event, target: stored(event.target) };
}
