import type { Logger } from "pino";
import { timeLimit } from "../abort.ts";
import type { MediaItem } from "../adapter.ts";
import type { Clock } from "../clock.ts";
import type { VoiceConfig } from "../config/voice.ts";
import type { CozeAgent } from "../coze/agent.ts";
import type { AnswerSound } from "../reply/accumulate.ts";
import type { Turn } from "../store/store.ts";
import { soundFile, voiceMessage } from "./sound-file.ts";
import { spokenText } from "./spoken-text.ts";
import { utterances } from "./utterances.ts";

export interface VoiceAnswersParts extends VoiceConfig {
  readonly agent: Pick<CozeAgent, "speak">;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "warn">;
}

export interface Spoken {
  /** Whose answer it is. */
  readonly sessionName: string;
  /** What the agent itself sent of it as sound. */
  readonly sound?: AnswerSound | undefined;
  /** Aborts when nobody wants to hear it any more. */
  readonly stop?: AbortSignal;
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
   * markdown `text` as Coze speaks it. None when nothing of it is to be said, when that fails or takes a minute, which costs
   * the voice only. Throws the reason of `shutdown` once that aborts.
   */
  async speak(
    text: string,
    { sessionName, sound, stop }: Spoken,
    shutdown: AbortSignal,
  ): Promise<readonly MediaItem[]> {
    const { agent, voiceId, clock, logger } = this.#parts;
    const own = sound && soundFile(sound);
    if (own) return [own];
    const { signal, release } = timeLimit(clock, longestMs, [shutdown, ...(stop ? [stop] : [])]);
    try {
      const messages: MediaItem[] = [];
      // One after another, because Coze counts requests by the second.
      for (const utterance of utterances(spokenText(text))) {
        messages.push(voiceMessage(await agent.speak(sessionName, utterance, voiceId, signal)));
      }
      return messages;
    } catch (error) {
      shutdown.throwIfAborted();
      if (!stop?.aborted) logger.warn({ err: error }, "could not speak an answer");
      return [];
    } finally {
      release();
    }
  }
}

/** The person waits for the end of the answer, in milliseconds. */
const longestMs = 60_000;
