import { expect, it } from "vitest";
import type { Room } from "../../src/playground/chat-platform.ts";
import { gate, say } from "../../src/playground/coze/index.ts";
import { closedGate } from "../support/gate.ts";
import { type Chat, describeEachPlatform } from "../support/world.ts";

describeEachPlatform("The bot is shown as typing while nothing can be read yet", {}, (world) => {
  it("types from the moment it took the message to the first text, and not after the end", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const thought = closedGate();
    coze.answer = () => [gate(thought.opened), ...say("Forty-two.", { chunk: 100 })];

    chat.say(person, room, "What is the answer?");
    await chat.until("the bot types", () => chat.isTyping(room));
    expect(chat.botMessages(room)).toHaveLength(0);
    thought.open();
    await world().hears(room, "Forty-two.");

    expect(chat.isTyping(room)).toBe(false);
    const calls = typingCalls(chat, room);
    await world().bridge.logged("turn ended");
    const other = world().someone();
    coze.answer = () => say("Hello.", { chunk: 100 });
    await world().ask(other.person, other.room, "Hi!", "Hello.");
    expect(typingCalls(chat, room)).toBe(calls);
    expect(chat.isTyping(room)).toBe(false);
  });

  it("types for a message that waits for the answer before it", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    const rest = closedGate();
    coze.answer = ({ text }) =>
      text === "First" ? [...say("One", { chunk: 100 }), gate(rest.opened), ...say(".")] : say("Two.");
    await world().ask(person, room, "First", "One");

    chat.say(person, room, "Second");
    await chat.until("the bot types again", () => chat.isTyping(room));
    rest.open();
    await world().hears(room, "Two.");

    expect(chat.botMessages(room).map(({ text }) => text)).toEqual(["One.", "Two."]);
    expect(chat.isTyping(room)).toBe(false);
  });
});

function typingCalls({ calls }: Chat, room: Room): number {
  const toRoom = calls.filter(({ parameters }) => String(parameters.chat_id ?? parameters.channel_id) === room.id);
  return toRoom.filter(({ method }) => method === "sendChatAction" || method.endsWith("/typing")).length;
}
