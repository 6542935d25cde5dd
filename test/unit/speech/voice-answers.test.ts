import { describe, expect, it, onTestFinished } from "vitest";
import type { Attachment } from "../../../src/adapter.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { createLogger } from "../../../src/logger.ts";
import { type CozeEmulator, type Dialect, say, sound, startCozeEmulator } from "../../../src/playground/coze/index.ts";
import { silentOggOpus } from "../../../src/playground/coze/ogg-opus.ts";
import { type Answer, accumulate, emptyAnswer } from "../../../src/reply/accumulate.ts";
import { VoiceAnswers } from "../../../src/speech/voice-answers.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";
import { emulatedClient } from "../coze/emulated-client.ts";

const sessionName = "telegram:1";
const { signal } = new AbortController();
const speech = "POST /v1/audio/speech";

/** The real client on an emulated Coze, and what is logged. */
async function voices(mode: "to-voice" | "always" = "always", dialect: Dialect = "hosted", clock: Clock = systemClock) {
  const coze = await startCozeEmulator({ dialect });
  onTestFinished(() => coze.close());
  const logged: { readonly level: string; readonly msg: string; readonly err: object }[] = [];
  const logger = createLogger("debug", { write: (line) => void logged.push(JSON.parse(line)) });
  const agent = emulatedClient(coze, "agent");
  return { coze, agent, logged, voice: new VoiceAnswers({ agent, clock, logger, mode, voiceId: "7426" }) };
}

function asked({ requests }: CozeEmulator) {
  return requests.filter(({ path }) => path === "/v1/audio/speech");
}

/** A silence of this many characters. */
function voiceOf(text: string) {
  return {
    kind: "voice",
    name: "voice.ogg",
    mimeType: "audio/ogg",
    data: new Uint8Array(silentOggOpus(80 * text.length)),
  };
}

const plain = (items: readonly { readonly data: Uint8Array }[]) =>
  items.map((item) => ({ ...item, data: new Uint8Array(item.data) }));

describe("a spoken answer", () => {
  const voiceNote: Attachment = { kind: "audio", isVoice: true, name: "voice.ogg", address: null };
  const song: Attachment = { kind: "audio", name: "song.mp3", address: null };

  it.each<[mode: "to-voice" | "always", attachments: readonly Attachment[], isWanted: boolean]>([
    ["to-voice", [song, voiceNote], true],
    ["to-voice", [song], false],
    ["to-voice", [], false],
    ["always", [], true],
  ])("is wanted (%s, %j): %s", async (mode, attachments, isWanted) => {
    const { voice } = await voices(mode);
    expect(voice.isWanted({ attachments })).toBe(isWanted);
  });

  it("is what Coze speaks of the words, in the chosen voice and for that person", async () => {
    const { coze, voice } = await voices();
    const items = await voice.speak("# Hi\n\nSee **[this](https://x.org)**.", { sessionName }, signal);
    expect(plain(items)).toEqual([voiceOf("Hi.\nSee this.")]);
    expect(asked(coze)).toMatchObject([
      { sessionName, body: { input: "Hi.\nSee this.", voice_id: "7426", response_format: "ogg_opus" } },
    ]);
  });

  it("is several voice messages in order when it is long", async () => {
    const { coze, voice } = await voices();
    const sentences = Array.from({ length: 60 }, (_, i) => `这是第${i + 1}句话，说一说天气怎么样。`);
    const items = await voice.speak(sentences.join(""), { sessionName }, signal);
    const inputs = asked(coze).map(({ body }) => String(body.input));
    expect(inputs).toHaveLength(3);
    expect(inputs.join("")).toBe(sentences.join(""));
    expect(plain(items)).toEqual(inputs.map(voiceOf));
    expect(asked(coze).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("is none, and costs nothing, where nothing is to be said", async () => {
    const { coze, voice } = await voices();
    expect(await voice.speak("```\ncode\n```", { sessionName }, signal)).toEqual([]);
    expect(coze.requests).toEqual([]);
  });
});

describe("the agent's own sound", () => {
  async function answered(
    { coze, agent }: Pick<Awaited<ReturnType<typeof voices>>, "coze" | "agent">,
    bytes: Uint8Array,
  ) {
    coze.answer = () => [...say("Hello."), sound(bytes)];
    let answer: Answer = emptyAnswer;
    for await (const event of agent.ask({ sessionName, text: "Hi." }, signal)) answer = accumulate(answer, event);
    return answer;
  }

  it.each<[what: string, bytes: Uint8Array, file: object]>([
    ["Ogg as it is", silentOggOpus(100), { kind: "voice", data: silentOggOpus(100) }],
    ["raw sound as a file", Buffer.alloc(4_800, 1), { kind: "audio", name: "voice.wav", mimeType: "audio/wav" }],
  ])("is taken instead: %s", async (_what, bytes, file) => {
    const { voice, ...world } = await voices();
    const answer = await answered(world, bytes);
    expect(await voice.speak("Hello.", { sessionName, sound: answer.sound }, signal)).toMatchObject([file]);
    expect(asked(world.coze)).toEqual([]);
  });

  it("is passed over where it can't be played", async () => {
    const { voice, ...world } = await voices();
    const answer = await answered(world, Buffer.alloc(80, 0xf0));
    const items = await voice.speak("Hello.", { sessionName, sound: answer.sound }, signal);
    expect(plain(items)).toEqual([voiceOf("Hello.")]);
  });
});

describe("when Coze does not speak", () => {
  const long = Array.from({ length: 60 }, () => "This is a sentence of some length, and no more.").join(" ");

  it("the voice is missing, and the log says why without a word of the answer", async () => {
    const { coze, voice, logged } = await voices();
    coze.faults.add({
      method: speech,
      skip: 1,
      effect: { kind: "reply", status: 200, body: { code: 4000, msg: "bad voice" } },
    });
    expect(await voice.speak(long, { sessionName }, signal)).toEqual([]);
    expect(asked(coze)).toHaveLength(2);
    expect(logged).toMatchObject([{ level: "warn", msg: "could not speak an answer", err: { code: 4000 } }]);
    expect(JSON.stringify(logged)).not.toContain("sentence of some length");
  });

  it("neither does a self-hosted server", async () => {
    const { voice, logged } = await voices("always", "studio");
    expect(await voice.speak("Hello.", { sessionName }, signal)).toEqual([]);
    expect(logged).toMatchObject([{ level: "warn", err: { kind: "agent-unavailable" } }]);
  });

  it("whoever has stopped it is told that it is stopped", async () => {
    const { coze, voice, logged } = await voices();
    coze.faults.add({ method: speech, effect: { kind: "hang", applied: false } });
    const stop = new AbortController();
    const spoken = voice.speak("Hello.", { sessionName }, stop.signal);
    const reason = new Error("stopped");
    await Promise.all([
      expect(spoken).rejects.toBe(reason),
      coze.until("the request", () => asked(coze).length > 0).then(() => stop.abort(reason)),
    ]);
    expect(logged).toEqual([]);
  });

  it.each<[string, (end: { readonly stop: AbortController; readonly clock: ManualClock }) => unknown, number]>([
    ["when the person stops it", ({ stop }) => stop.abort(), 0],
    ["after a minute", ({ clock }) => clock.advance(60_000), 1],
  ])("is given up %s", async (_, end, warnings) => {
    const clock = createManualClock();
    const { coze, voice, logged } = await voices("always", "hosted", clock);
    coze.faults.add({ method: speech, times: 9, effect: { kind: "hang", applied: false } });
    const stop = new AbortController();
    const spoken = voice.speak("Hello.", { sessionName, stop: stop.signal }, signal);
    await coze.until("the request", () => asked(coze).length > 0);
    await end({ stop, clock });
    expect(await spoken).toEqual([]);
    expect(logged).toHaveLength(warnings);
  });
});
