import { newWords } from "./words.ts";

const wordsPerSentence = 12;
const sentencesPerParagraph = 5;

/** Sentences in paragraphs, without markup; at most `length` characters, and never less than a sentence short of it. */
export function prose(length: number): string {
  const words = newWords();
  let text = "";
  for (let sentence = 0; ; sentence += 1) {
    const gap = sentence === 0 ? "" : sentence % sentencesPerParagraph === 0 ? "\n\n" : " ";
    const next = `${text}${gap}${words.take(wordsPerSentence)}.`;
    if (next.length > length) return text;
    text = next;
  }
}
