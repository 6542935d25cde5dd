import { describe, expect, test } from "vitest";
import type { Environment } from "../../../src/config/env.ts";
import { Settings } from "../../../src/config/settings.ts";
import { readVoice, type VoiceConfig } from "../../../src/config/voice.ts";

function read(env: Environment) {
  const settings = new Settings(env);
  return { voice: readVoice(settings), problems: settings.problems };
}

const id = "7426725529589596187";

test.each<[what: string, env: Environment, voice: VoiceConfig | undefined]>([
  ["nothing is spoken by default", {}, undefined],
  ["a voice alone changes nothing", { COZE_VOICE_ID: id }, undefined],
  ["nothing is spoken when that is said", { VOICE_ANSWERS: "never", COZE_VOICE_ID: id }, undefined],
  ["answers to voice", { VOICE_ANSWERS: "to-voice", COZE_VOICE_ID: id }, { mode: "to-voice", voiceId: id }],
  ["all answers", { VOICE_ANSWERS: "always", COZE_VOICE_ID: ` ${id} ` }, { mode: "always", voiceId: id }],
])("%s", (_what, env, voice) => expect(read(env)).toEqual({ voice, problems: [] }));

describe("refused is", () => {
  const where = "GET /v1/audio/voices of Coze's API lists the voices, each with its voice_id.";

  test.each<[what: string, env: Environment, problem: object]>([
    [
      "a mode without a voice",
      { VOICE_ANSWERS: "to-voice" },
      {
        variable: "COZE_VOICE_ID",
        problem: "Missing, while VOICE_ANSWERS is to-voice.",
        next: `${where} Or remove VOICE_ANSWERS.`,
      },
    ],
    [
      "the name of a voice",
      { VOICE_ANSWERS: "always", COZE_VOICE_ID: "爽快思思" },
      { variable: "COZE_VOICE_ID", problem: 'Expected the id of a voice; got "爽快思思".', next: where },
    ],
    [
      "a placeholder, once",
      { VOICE_ANSWERS: "always", COZE_VOICE_ID: "your-voice-id" },
      { variable: "COZE_VOICE_ID", problem: "It holds a placeholder." },
    ],
    [
      "a voice under a wrong name, once",
      { VOICE_ANSWERS: "always", COZE_VOICEID: id },
      { variable: "COZE_VOICEID", next: "Did you mean COZE_VOICE_ID? Rename it, or remove it." },
    ],
    ["an unknown mode", { VOICE_ANSWERS: "allways" }, { variable: "VOICE_ANSWERS", next: "Did you mean always?" }],
  ])("%s", (_what, env, problem) => expect(read(env)).toMatchObject({ voice: undefined, problems: [problem] }));
});
