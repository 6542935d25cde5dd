import type { Settings } from "./settings.ts";
import { quote } from "./settings.ts";
import { isTransmissible, readChoice } from "./values.ts";

/** Whom answers are spoken to besides being written, and in which voice. */
export interface VoiceConfig {
  /** `to-voice`: to those who asked by voice. */
  readonly mode: "to-voice" | "always";
  readonly voiceId: string;
}

/** Nothing as long as answers are only written; a voice alone changes nothing. */
export function readVoice(settings: Settings): VoiceConfig | undefined {
  const mode = readChoice(settings, "VOICE_ANSWERS", ["never", "to-voice", "always"], "never");
  const voiceId = readVoiceId(settings);
  if (mode === "never") return undefined;
  if (voiceId !== undefined) return { mode, voiceId };
  if (settings.isIntended("COZE_VOICE_ID")) return undefined;
  return settings.refuse(
    "COZE_VOICE_ID",
    `Missing, while VOICE_ANSWERS is ${mode}.`,
    `${whereVoicesAre} Or remove VOICE_ANSWERS.`,
  );
}

function readVoiceId(settings: Settings): string | undefined {
  const voiceId = settings.text("COZE_VOICE_ID");
  if (voiceId === undefined || isTransmissible(voiceId)) return voiceId;
  return settings.refuse("COZE_VOICE_ID", `Expected the id of a voice; got ${quote(voiceId)}.`, whereVoicesAre);
}

/** Coze docs list_voices. */
const whereVoicesAre = "GET /v1/audio/voices of Coze's API lists the voices, each with its voice_id.";
