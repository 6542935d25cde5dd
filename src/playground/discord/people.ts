import type { SentFile, ShownMessage } from "../chat-platform.ts";
import type { RegisteredCommand } from "./commands.ts";
import type { Account, Channel } from "./community.ts";
import { type Choice, typedData } from "./completions.ts";
import { findButton } from "./components.ts";
import type { DiscordSayOptions } from "./discord-platform.ts";
import type { Upload } from "./files.ts";
import { interactionEvent, reactionEvent } from "./gateway-events.ts";
import { interactionJson } from "./interaction-json.ts";
import { findMentions, messageDefaults } from "./mentions.ts";
import { type Message, messageFlags } from "./messages.ts";
import { openThread } from "./threads.ts";
import type { World } from "./world.ts";

/** The longest message of people who pay; others have 2,000. */
const maxPersonContent = 4_000;
const stringOption = 3;
const maxFiles = 10;
/** What Discord's client records: 32 kbit/s. */
const voiceBytesPerSecond = 4_000;

/** Writes a message as a person. */
export function say(world: World, author: Account, channel: Channel, message: SaidMessage): Message {
  const { bot } = world.community;
  const { files = [] } = message;
  requireMember(world, author, channel);
  const content = (message.mention ? `<@${bot.id}> ${message.text}` : message.text).trim();
  requireContent(content, files);
  const reference = message.replyTo && findShown(world, message.replyTo);
  openThread(world, channel);
  const repliedUser = message.pingReplied ?? true;
  return world.messages.post({
    channel,
    author,
    content,
    type: reference ? 19 : 0,
    flags: files.some(({ isVoice }) => isVoice) ? messageFlags.voice : 0,
    attachments: files.map((file) => world.files.add(channel.id, toUpload(file))),
    mentions: findMentions(
      content,
      { ...messageDefaults, repliedUser },
      mentionContext(world, channel, author, reference),
    ),
    ...(reference ? { reference } : {}),
  });
}

export interface SaidMessage extends DiscordSayOptions {
  readonly text: string;
  readonly files?: readonly SentFile[];
}

/** Sends files in one message, with the first of their captions as its text. */
export function sendFiles(
  world: World,
  author: Account,
  channel: Channel,
  { files, ...options }: DiscordSayOptions & { readonly files: readonly SentFile[] },
): Message {
  const text = files.find(({ caption }) => caption)?.caption ?? "";
  return say(world, author, channel, { ...options, text, files });
}

/** Gives a slash command as Discord's client does: only one that is offered here, with its first option filled in. */
export function giveCommand(world: World, person: Account, channel: Channel, line: CommandLine): void {
  requireMember(world, person, channel);
  const command = offeredCommand(world, channel, line.name);
  const options = filledOptions(command, line.argument);
  const interaction = world.interactions.begin({ kind: "command", name: command.name, person, channel });
  const data = { id: command.id, name: command.name, type: 1, ...(options.length > 0 ? { options } : {}) };
  world.tellAlways(interactionEvent(interactionJson(interaction, data, world.community.bot)));
}

/** Types a slash command without sending it; resolves with what the bot offers for its first option. */
export async function typeCommand(
  world: World,
  person: Account,
  channel: Channel,
  { name, typed }: TypedCommand,
): Promise<readonly Choice[]> {
  requireMember(world, person, channel);
  const data = typedData(offeredCommand(world, channel, name), typed);
  const choices = await new Promise<readonly Choice[] | undefined>((onChoices) => {
    const interaction = world.interactions.begin({ kind: "completion", name, person, channel, onChoices });
    world.tellAlways(interactionEvent(interactionJson(interaction, data, world.community.bot)));
  });
  if (!choices) throw new Error(`Loading options of /${name} failed: not answered within 3 s.`);
  return choices;
}

export interface TypedCommand {
  readonly name: string;
  readonly typed: string;
}

export interface CommandLine {
  readonly name: string;
  readonly argument?: string | undefined;
}

/** Presses the button with this label. */
export function press(world: World, person: Account, shown: ShownMessage, label: string): void {
  const pressed = findShown(world, shown);
  requireMember(world, person, pressed.channel);
  if (pressed.onlyFor && pressed.onlyFor !== person) throw new Error(`${person.name} does not see this message.`);
  const button = findButton(pressed.components, label);
  if (!button) throw new Error(`The message has no button "${label}" that can be pressed.`);
  const { channel } = pressed;
  const name = button.custom_id;
  const interaction = world.interactions.begin({ kind: "component", name, person, channel, pressed });
  const data = { custom_id: name, component_type: button.type };
  world.tellAlways(interactionEvent(interactionJson(interaction, data, world.community.bot)));
}

export function react(world: World, person: Account, shown: ShownMessage, emoji: string): void {
  const message = findShown(world, shown);
  requireMember(world, person, message.channel);
  const accounts = message.reactions.get(emoji) ?? new Set();
  message.reactions.set(emoji, accounts.add(person));
  world.tell(message.channel, reactionEvent(message, person, emoji));
}

export function editOwn(world: World, person: Account, shown: ShownMessage, text: string): void {
  const message = findShown(world, shown);
  if (message.author !== person) throw new Error(`${person.name} did not write this message.`);
  const content = text.trim();
  requireContent(content);
  const context = mentionContext(world, message.channel, person, message.reference);
  world.messages.edit(message, { content, mentions: findMentions(content, messageDefaults, context) });
}

export function deleteAsPerson(world: World, person: Account, shown: ShownMessage): void {
  const message = findShown(world, shown);
  requireMember(world, person, message.channel);
  if (message.author !== person && !message.channel.guild) {
    throw new Error(`In a private chat ${person.name} can't delete what others wrote.`);
  }
  world.messages.remove(message);
}

/** The gateway tells of it in one event. */
export function deleteInBulk(world: World, shown: readonly ShownMessage[]): void {
  const messages = shown.map((each) => findShown(world, each));
  const [first] = messages;
  if (!first?.channel.guild || messages.some(({ channel }) => channel !== first.channel)) {
    throw new Error("Only messages of one channel of a server are deleted at once.");
  }
  world.messages.remove(...messages);
}

function requireMember(world: World, account: Account, channel: Channel): void {
  if (channel.isDeleted) throw new Error(`"${channel.title}" was deleted.`);
  if (world.community.membersOf(channel).includes(account)) return;
  throw new Error(`${account.name} is not in "${channel.title}".`);
}

function requireContent(content: string, files: readonly SentFile[] = []): void {
  const length = [...content].length;
  if (length === 0 && files.length === 0) throw new Error("Discord's client sends no empty message.");
  if (files.length > maxFiles) throw new Error(`A message has at most ${maxFiles} files.`);
  const isMixed = length > 0 || files.length > 1;
  if (isMixed && files.some(({ isVoice }) => isVoice)) throw new Error("A voice message stands alone, without words.");
  if (length > maxPersonContent) throw new Error(`A message of people has at most ${maxPersonContent} characters.`);
}

function offeredCommand(world: World, channel: Channel, name: string): RegisteredCommand {
  const offered = channel.guild?.botIsMember === false ? [] : world.commands.offeredIn(channel);
  const command = offered.find((candidate) => candidate.name === name);
  if (command) return command;
  const names = offered.map((candidate) => `/${candidate.name}`).join(", ") || "none";
  throw new Error(`The bot offers no /${name} in "${channel.title}". It offers: ${names}.`);
}

function toUpload({ name, mimeType, bytes, size, isVoice }: SentFile): Upload {
  const voice = {
    durationSecs: bytes.length / voiceBytesPerSecond,
    waveform: Buffer.of(0, 128, 255).toString("base64"),
  };
  return { name, mimeType, bytes, ...(size === undefined ? {} : { size }), ...(isVoice ? { voice } : {}) };
}

function findShown(world: World, shown: ShownMessage): Message {
  const message = world.messages.find(world.community.channel(shown.room), shown.id);
  if (!message) throw new Error(`The message ${shown.id} is not there (any more).`);
  return message;
}

function mentionContext(world: World, channel: Channel, author: Account, reference: Message | undefined) {
  const members = world.community.membersOf(channel);
  return { channel, author, members, ...(reference ? { repliedTo: reference.author } : {}) };
}

function filledOptions(command: RegisteredCommand, argument: string | undefined): readonly object[] {
  const [option] = command.options;
  if (argument === undefined || argument === "") {
    if (option?.required) throw new Error(`/${command.name} needs its option "${option.name}".`);
    return [];
  }
  if (option?.type !== stringOption) throw new Error(`/${command.name} takes no text.`);
  return [{ name: option.name, type: stringOption, value: argument }];
}
