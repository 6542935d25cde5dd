import type { Logger } from "pino";
import type { MediaItem } from "../adapter.ts";
import type { VoiceConfig } from "../config/voice.ts";
import type { CozeAgent } from "../coze/agent.ts";
import type { AnswerSound } from "../reply/accumulate.ts";
import type { Turn } from "../store/store.ts";
import { soundFile, voiceMessage } from "./sound-file.ts";
import { spokenText } from "./spoken-text.ts";
import { utterances } from "./utterances.ts";

export interface VoiceAnswersParts extends VoiceConfig {
  readonly agent: Pick<CozeAgent, "speak">;
  readonly logger: Pick<Logger, "warn">;
}

export interface Spoken {
  /** Whose answer it is. */
  readonly sessionName: string;
  /** What the agent itself sent of it as sound. */
  readonly sound?: AnswerSound | undefined;
}

/** Answers as voice messages, beside the text. */
export class VoiceAnswers {
  readonly #parts: VoiceAnswersParts;

  constructor(parts: VoiceAnswersParts) {
    this.#parts = parts;
  }

  /** Whether the answer to this question is to be heard, too. */
  isWanted({ attachments }: Pick<Turn, "attachments">): boolean {
    return this.#parts.mode === "always" || attachments.some(({ isVoice, isQuoted }) => isVoice && !isQuoted);
  }

  /**
   * An answer as voice messages, in order, each to be sent alone: the agent's own sound if it can be played, else its
   * markdown `text` as Coze speaks it. None when nothing of it is to be said, or when that fails, which costs the voice
   * only. Throws the reason of `signal` once that aborts.
   */
  async speak(text: string, { sessionName, sound }: Spoken, signal: AbortSignal): Promise<readonly MediaItem[]> {
    const { agent, voiceId, logger } = this.#parts;
    const own = sound && soundFile(sound);
    if (own) return [own];
    try {
      const messages: MediaItem[] = [];
      // One after another, because Coze counts requests by the second.
      for (const utterance of utterances(spokenText(text))) {
        messages.push(voiceMessage(await agent.speak(sessionName, utterance, voiceId, signal)));
      }
      return messages;
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ err: error }, "could not speak an answer");
      return [];
    }
  }
}
