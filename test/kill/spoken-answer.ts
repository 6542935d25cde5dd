import { sound } from "../../src/playground/coze/index.ts";
import { silentOggOpus } from "../../src/playground/coze/ogg-opus.ts";
import { spokenText } from "../../src/speech/spoken-text.ts";
import { utterances } from "../../src/speech/utterances.ts";
import { markedText, signOf } from "../support/outcome.ts";
import { inOnePiece, type Plan } from "../support/questions.ts";

export interface SpokenAnswer {
  readonly words: number;
  /** The agent's own sound. */
  readonly own?: Buffer;
}

/** What is asked in a voice message is answered in writing and by voice. */
export function spokenAnswer(mark: string, { words, own }: SpokenAnswer): Plan {
  const answer = markedText(mark, words);
  const voices = own ? [own] : utterances(spokenText(answer)).map(speechOf);
  const signs = voices.map((bytes) => signOf({ bytes, isVoice: true }));
  const script = () => (own ? [...inOnePiece(answer), sound(own)] : inOnePiece(answer));
  return { answer: [answer, ...signs].join("\n\n"), script, isSpoken: true };
}

/** What the emulator makes of a text: 80 ms for each character. */
function speechOf(text: string): Buffer {
  return silentOggOpus(80 * [...text].length);
}
