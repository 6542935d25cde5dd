import type { Changes } from "../changes.ts";
import type { ApiCall, Person, Room, SentFile, ShownMessage } from "../chat-platform.ts";
import type { FaultPlan } from "../faults.ts";
import type { Channel, Permission } from "./community.ts";
import type { Choice } from "./completions.ts";
import type { DiscordEmulator, DiscordMessage, DiscordSayOptions } from "./discord-platform.ts";
import type { GatewayControl } from "./gateway.ts";
import { channelEvent, guildCreateEvent, guildDeleteEvent } from "./gateway-events.ts";
import type { FailedInteraction } from "./interactions.ts";
import * as people from "./people.ts";
import { shownMessage, transcriptOf } from "./shown-messages.ts";
import { setThreadState } from "./threads.ts";
import type { World } from "./world.ts";

export interface EmulatorParts {
  readonly world: World;
  readonly gateway: GatewayControl;
  readonly changes: Changes;
  readonly calls: readonly ApiCall[];
  readonly faults: FaultPlan;
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** The people's side of the emulator, in terms of {@link DiscordEmulator}. */
export class Emulator implements DiscordEmulator {
  readonly name = "discord";
  readonly #parts: EmulatorParts;
  readonly #world: World;

  constructor(parts: EmulatorParts) {
    this.#parts = parts;
    this.#world = parts.world;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#parts.environment;
  }

  get botId(): string {
    return this.#world.community.bot.id;
  }

  get gateway(): GatewayControl {
    return this.#parts.gateway;
  }

  get calls(): readonly ApiCall[] {
    return this.#parts.calls;
  }

  get faults(): FaultPlan {
    return this.#parts.faults;
  }

  get failedInteractions(): readonly FailedInteraction[] {
    return this.#world.interactions.failed;
  }

  get invalidRequests(): number {
    return this.#world.limits.invalidRequests;
  }

  addPerson(profile: { readonly name?: string; readonly locale?: string; readonly bot?: boolean } = {}): Person {
    return this.#world.community.addAccount(profile);
  }

  privateRoom(person: Person): Room {
    return this.#world.community.privateChannel(this.#account(person)).room;
  }

  addGroup(title: string, members: readonly Person[]): Room {
    const channel = this.#world.community.addGuild(
      title,
      members.map((member) => this.#account(member)),
    );
    if (channel.guild) this.#world.tell(channel, guildCreateEvent(channel.guild, this.#world.community.bot));
    return channel.room;
  }

  addThread(group: Room, title: string): Room {
    const thread = this.#world.community.addThread(this.#channel(group), title);
    this.#world.tell(thread, channelEvent("THREAD_CREATE", thread, this.#world.community.bot));
    return thread.room;
  }

  say(person: Person, room: Room, text: string, options: DiscordSayOptions = {}): DiscordMessage {
    const said = people.say(this.#world, this.#account(person), this.#channel(room), { ...options, text });
    return shownMessage(said, this.#world.community.bot);
  }

  sendFile(person: Person, room: Room, files: readonly SentFile[], options: DiscordSayOptions = {}): DiscordMessage {
    const sent = people.sendFiles(this.#world, this.#account(person), this.#channel(room), { ...options, files });
    return shownMessage(sent, this.#world.community.bot);
  }

  typeCommand(person: Person, room: Room, name: string, typed: string): Promise<readonly Choice[]> {
    return people.typeCommand(this.#world, this.#account(person), this.#channel(room), { name, typed });
  }

  command(person: Person, room: Room, name: string, argument?: string): void {
    people.giveCommand(this.#world, this.#account(person), this.#channel(room), { name, argument });
  }

  press(person: Person, message: ShownMessage, label: string): void {
    people.press(this.#world, this.#account(person), message, label);
  }

  react(person: Person, message: ShownMessage, emoji: string): void {
    people.react(this.#world, this.#account(person), message, emoji);
  }

  editMessage(person: Person, message: ShownMessage, text: string): void {
    people.editOwn(this.#world, this.#account(person), message, text);
  }

  deleteMessage(person: Person, message: ShownMessage): void {
    people.deleteAsPerson(this.#world, this.#account(person), message);
  }

  deleteMessages(messages: readonly ShownMessage[]): void {
    people.deleteInBulk(this.#world, messages);
  }

  messages(room: Room): readonly DiscordMessage[] {
    const { bot } = this.#world.community;
    return this.#world.messages.in(this.#channel(room)).map((message) => shownMessage(message, bot));
  }

  botMessages(room: Room): readonly DiscordMessage[] {
    return this.messages(room).filter((message) => message.author === "bot");
  }

  isTyping(room: Room): boolean {
    return this.#world.typing.isOn(room.id);
  }

  registeredCommands(): readonly string[] {
    return this.#world.commands.names();
  }

  setBlocked(person: Person, blocked: boolean): void {
    const account = this.#account(person);
    if (blocked) this.#world.community.blocked.add(account);
    else this.#world.community.blocked.delete(account);
  }

  setPermission(room: Room, permission: Permission, allowed: boolean): void {
    const channel = this.#channel(room);
    if (channel.kind !== "group") throw new Error(`"${channel.title}" is no channel of a server.`);
    // Told on the side of the change where the bot sees the channel.
    if (allowed) channel.denied.delete(permission);
    this.#world.tell(channel, channelEvent("CHANNEL_UPDATE", channel, this.#world.community.bot));
    if (!allowed) channel.denied.add(permission);
  }

  archiveThread(room: Room, { locked }: { readonly locked: boolean }): void {
    const channel = this.#channel(room);
    if (channel.kind !== "thread") throw new Error(`"${channel.title}" is no thread.`);
    setThreadState(this.#world, channel, locked ? "locked" : "archived");
  }

  deleteRoom(room: Room): void {
    const channel = this.#channel(room);
    if (!channel.guild) throw new Error(`"${channel.title}" is no channel of a server.`);
    const name = channel.parent ? "THREAD_DELETE" : "CHANNEL_DELETE";
    this.#world.tell(channel, channelEvent(name, channel, this.#world.community.bot));
    this.#world.community.delete(channel);
  }

  kickBot(room: Room): void {
    const { guild } = this.#channel(room);
    if (!guild) throw new Error(`"${room.title}" is in no server.`);
    guild.botIsMember = false;
    this.#world.tellAlways(guildDeleteEvent(guild));
  }

  until<T>(what: string, condition: () => T | undefined | false | null, timeoutMs = 15_000): Promise<T> {
    return this.#parts.changes.until(what, condition, timeoutMs);
  }

  transcript(): string {
    const { community, messages, interactions } = this.#world;
    return transcriptOf(community, (channel) => messages.in(channel), interactions.failed);
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  #account(person: Person) {
    return this.#world.community.account(person);
  }

  #channel(room: Room): Channel {
    return this.#world.community.channel(room);
  }
}
