import { expect, it } from "vitest";
import type { Person, Room } from "../../src/playground/chat-platform.ts";
import { type CozeEmulator, say, sound } from "../../src/playground/coze/index.ts";
import { describeEachPlatform, type World } from "../support/world.ts";

const voiceId = "7426725529589596187";
const recording = Buffer.from("OggS as a phone records it");

/** A person says `words` into the microphone. */
function speak({ coze, chat }: World, person: Person, room: Room, words: string): void {
  coze.hear = () => words;
  chat.sendFile(person, room, [
    { kind: "audio", isVoice: true, name: "voice.ogg", mimeType: "audio/ogg", bytes: recording },
  ]);
}

/** What was given to Coze to be spoken to a person, in order. */
function spokenTo(world: World, person: Person): readonly string[] {
  const own = world.coze.requests.filter(({ sessionName }) => sessionName === world.sessionName(person));
  return own.filter(({ path }) => path === "/v1/audio/speech").map(({ body }) => String(body.input));
}

/** The sound that Coze makes of a text. */
async function soundOf({ baseUrl, personalToken }: CozeEmulator, input: string): Promise<Buffer> {
  const response = await fetch(`${baseUrl}/v1/audio/speech`, {
    method: "POST",
    headers: { Authorization: `Bearer ${personalToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ input, voice_id: voiceId, response_format: "ogg_opus" }),
  });
  return Buffer.from(await response.arrayBuffer());
}

/** The bot's native voice messages of a room, in order. */
function voiceMessages({ chat }: World, room: Room): readonly Buffer[] {
  const files = chat.botMessages(room).flatMap(({ media }) => media);
  return files.filter(({ isVoice }) => isVoice).map(({ bytes }) => Buffer.from(bytes));
}

describeEachPlatform(
  "Who asks by voice is answered by voice",
  // Without its setting Discord keeps from the bot what others have said.
  { environment: { VOICE_ANSWERS: "to-voice", COZE_VOICE_ID: voiceId, DISCORD_MESSAGE_CONTENT: "true" } },
  (world) => {
    it("after the text, below what was understood", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      coze.answer = ({ text }) => say(`You asked: **${text}**`);
      speak(world(), person, room, "Where is the cat?");
      await chat.until("a voice message", () => voiceMessages(world(), room).length > 0);
      await world().ended(person);

      const [text, voice, ...others] = chat.botMessages(room);
      expect(text && world().reads(text)).toMatch(/^(> )?Where is the cat\?\s+You asked: Where is the cat\?$/);
      expect(voice).toMatchObject({ text: "", media: [{ kind: "audio", isVoice: true }] });
      expect(others).toEqual([]);
      expect(spokenTo(world(), person)).toEqual(["You asked: Where is the cat?"]);
      expect(voiceMessages(world(), room)).toEqual([await soundOf(coze, "You asked: Where is the cat?")]);
    });

    it("in the agent's own voice, where it has one", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      const own = await soundOf(coze, "A voice of its own.");
      coze.answer = () => [...say("Here."), sound(own)];
      speak(world(), person, room, "Where is the cat?");
      await chat.until("a voice message", () => voiceMessages(world(), room).length > 0);
      await world().ended(person);
      expect(voiceMessages(world(), room)).toEqual([own]);
      expect(spokenTo(world(), person)).toEqual([]);
    });

    it("but not who replies in writing to what the bot said, which is not listened to", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      coze.answer = ({ text }) => say(`You asked: ${text}`);
      speak(world(), person, room, "Where is the cat?");
      await chat.until("a voice message", () => voiceMessages(world(), room).length > 0);
      await world().ended(person);
      const heard = coze.requests.filter(({ path }) => path === "/v1/audio/transcriptions").length;
      const replyTo = chat.botMessages(room).find(({ media }) => media.length > 0);
      if (!replyTo) throw new Error("there is no voice message");

      chat.say(person, room, "Louder.", { replyTo });
      await world().hears(room, "You asked: Louder.");
      await world().ended(person);
      expect(coze.requests.filter(({ path }) => path === "/v1/audio/transcriptions")).toHaveLength(heard);
      expect(spokenTo(world(), person)).toEqual(["You asked: Where is the cat?"]);
      expect(voiceMessages(world(), room)).toHaveLength(1);
    });

    it("nor who replies in writing to what somebody else said, which is listened to and quoted", async () => {
      const { coze, chat } = world();
      const [ann, bob] = [chat.addPerson({ name: "Ann" }), chat.addPerson({ name: "Bob" })];
      const room = chat.addGroup("Lounge", [ann, bob]);
      coze.answer = ({ text }) => say(`You asked: ${text}`);
      speak(world(), bob, room, "Bonjour");
      const replyTo = chat.messages(room).at(-1);
      if (!replyTo) throw new Error("nothing was said");

      chat.say(ann, room, "Translate.", { mention: true, replyTo });
      await world().shown(room, (text) => text.includes("You asked: Translate."));
      await world().ended(ann);
      const texts = chat.botMessages(room).map((message) => world().reads(message));
      expect(texts).toEqual([expect.stringMatching(/^(> )?Bonjour\s+You asked: Translate\.\s+Bonjour$/)]);
      expect(spokenTo(world(), ann)).toEqual([]);
    });

    it("but not who writes", async () => {
      const { person, room } = world().someone();
      await world().ask(person, room, "Where?", "You said: Where?");
      await world().ended(person);
      expect(world().chat.botMessages(room)).toHaveLength(1);
      expect(spokenTo(world(), person)).toEqual([]);
    });

    it("and in writing when Coze does not speak", async () => {
      const { coze, chat, bridge } = world();
      const { person, room } = world().someone();
      const refusal = { kind: "reply", status: 200, body: { code: 4000, msg: "no such voice" } } as const;
      coze.faults.add({ method: "POST /v1/audio/speech", effect: refusal });
      coze.answer = ({ text }) => say(`You asked: ${text}`);
      speak(world(), person, room, "Where is the dog?");
      await bridge.logged("could not speak an answer");
      await world().ended(person);
      const messages = chat.botMessages(room);
      expect(messages.map((message) => world().reads(message))).toEqual([
        expect.stringMatching(/You asked: Where is the dog\?$/),
      ]);
    });
  },
);

describeEachPlatform(
  "Everything is answered by voice",
  { environment: { VOICE_ANSWERS: "always", COZE_VOICE_ID: voiceId } },
  (world) => {
    it("what was asked in writing, too", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      await world().ask(person, room, "Where?", "You said: Where?");
      await chat.until("a voice message", () => voiceMessages(world(), room).length > 0);
      expect(chat.botMessages(room).map(({ media }) => media.length)).toEqual([0, 1]);
      expect(voiceMessages(world(), room)).toEqual([await soundOf(coze, "You said: Where?")]);
    });

    it("in several messages when it is long, in order", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      const sentences = Array.from({ length: 60 }, (_, i) => `这是第${i + 1}句话，说一说天气怎么样。`);
      coze.answer = () => say(sentences.join(""));
      chat.say(person, room, "天气怎么样？");
      await chat.until("all voice messages", () => voiceMessages(world(), room).length === 3);
      await world().ended(person);
      const pieces = spokenTo(world(), person);
      expect(pieces.join("")).toBe(sentences.join(""));
      expect(voiceMessages(world(), room)).toEqual(await Promise.all(pieces.map((piece) => soundOf(coze, piece))));
      const firstVoice = chat.botMessages(room).findIndex(({ media }) => media.length > 0);
      expect(chat.botMessages(room).slice(firstVoice)).toHaveLength(3);
    });

    it("but what can only be read", async () => {
      const { coze, chat } = world();
      const { person, room } = world().someone();
      coze.answer = () => say("```\nprint(1)\n```");
      chat.say(person, room, "Write a program.");
      await chat.until("the answer", () => chat.botMessages(room).length > 0);
      await world().ended(person);
      expect(chat.botMessages(room)).toHaveLength(1);
      expect(spokenTo(world(), person)).toEqual([]);
    });
  },
);

describeEachPlatform("Nobody is answered by voice", { environment: { COZE_VOICE_ID: voiceId } }, (world) => {
  it("as long as that is not asked for", async () => {
    const { coze, chat } = world();
    const { person, room } = world().someone();
    coze.answer = ({ text }) => say(`You asked: ${text}`);
    speak(world(), person, room, "Where is the cat?");
    await world().shown(room, (text) => text.includes("You asked: Where is the cat?"));
    await world().ended(person);
    expect(chat.botMessages(room)).toHaveLength(1);
    expect(spokenTo(world(), person)).toEqual([]);
  });
});
