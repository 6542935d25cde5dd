import type { Person, Room, SentFile } from "../../src/playground/chat-platform.ts";
import { type AskedFile, type CozeEmulator, type Script, say } from "../../src/playground/coze/index.ts";
import { cozeQuestions } from "./coze-questions.ts";
import { type Asked, markedText, markOf, type Outcome, outcomesIn } from "./outcome.ts";
import type { Chat } from "./world.ts";

/** Somebody and where they talk. */
export interface Somebody {
  readonly chat: Chat;
  readonly person: Person;
  readonly room: Room;
}

export interface Question extends Asked, Somebody {
  readonly text: string;
  /** What came with the words, if anything did. */
  readonly picture?: SentFile;
}

/** What becomes of a question. */
export interface Plan extends Pick<Question, "answer" | "picture"> {
  readonly script: () => Script;
  /** True when it is said in a voice message, so that the answer begins with what was heard. */
  readonly isSpoken?: boolean;
}

/** Every question that was asked of a Coze emulator, each with an answer of its own, and what has become of it. */
export class Questions {
  readonly #coze: CozeEmulator;
  readonly #scripts = new Map<string, () => Script>();
  readonly #asked: Question[] = [];
  readonly #brought: { readonly text: string; readonly files: readonly AskedFile[] }[] = [];

  /** From now on the emulator answers as told here; what was asked otherwise it repeats. */
  constructor(coze: CozeEmulator) {
    this.#coze = coze;
    coze.answer = ({ text, files }) => {
      this.#brought.push({ text, files });
      return this.#scripts.get(text)?.() ?? say(`You said: ${text}`, { chunk: 100 });
    };
    coze.hear = ({ bytes }) => Buffer.from(bytes).toString();
  }

  get all(): readonly Question[] {
    return this.#asked;
  }

  /** What Coze does when it is asked this. */
  plan(text: string, script: () => Script): void {
    this.#scripts.set(text, script);
  }

  /** Somebody asks for so many words, which come as `script` has it. */
  ask(by: Somebody, words: number, script: (answer: string) => Script): Question {
    return this.put(by, (mark) => {
      const answer = markedText(mark, words);
      return { answer, script: () => script(answer) };
    });
  }

  /** Somebody asks something that is planned by the mark that the answer's words are to have. */
  put(by: Somebody, plan: (mark: string) => Plan): Question {
    const mark = markOf(this.#asked.length);
    const text = `Count with ${mark}, please.`;
    const { script, answer, picture, isSpoken = false } = plan(mark);
    this.plan(text, script);
    const file = isSpoken ? recordingOf(text) : picture && { ...picture, caption: text };
    const { chat, person, room } = by;
    const mention = room.kind !== "private";
    const question = file
      ? chat.sendFile(person, room, [file], { mention })
      : chat.say(person, room, text, { mention });
    const whole = isSpoken ? `${text}\n\n${answer}` : answer;
    const asked: Question = { chat, person, room, question, mark, answer: whole, text, ...(picture && { picture }) };
    this.#asked.push(asked);
    return asked;
  }

  /** Their outcomes, by what is to be seen now. */
  outcomesOf(questions: readonly Question[]): Outcome[] {
    const outcomes = new Map<Question, Outcome>();
    for (const id of new Set(questions.map(({ room }) => room.id))) {
      const inRoom = this.#asked.filter((question) => question.room.id === id);
      const asked = inRoom.slice(inRoom.findIndex((question) => questions.includes(question)));
      const seen = asked[0] ? outcomesIn(asked[0].chat, asked) : [];
      for (const [index, question] of asked.entries()) outcomes.set(question, seen[index] ?? "lost");
    }
    return questions.map((question) => outcomes.get(question) ?? "lost");
  }

  /** How often a question was sent again although an answer to it had begun. */
  timesAgain({ text }: Question): number {
    // One with a file is written in JSON.
    const requests = cozeQuestions(this.#coze).filter((question) => question.text.includes(text));
    const begun = requests.findIndex(({ request }) => request.status === 200);
    return begun < 0 ? 0 : requests.length - 1 - begun;
  }

  /** How many runs a question has had. */
  runsOf({ text }: Question): number {
    const messages = this.#coze.conversations.flatMap((conversation) => conversation.messages);
    return messages.filter((message) => message.role === "user" && message.text === text).length;
  }

  /** Whether every run of a question had exactly what came with it, to the last byte. */
  isBroughtWhole({ text, picture }: Question): boolean {
    const runs = this.#brought.filter((run) => run.text === text);
    return runs.every(({ files: [file, ...others] }) => {
      const isSame = picture && file ? Buffer.from(file.bytes).equals(picture.bytes) : picture === file;
      return isSame && others.length === 0;
    });
  }
}

/** A voice message of words, which {@link Questions} hears again. */
function recordingOf(text: string): SentFile {
  return { kind: "audio", isVoice: true, name: "voice.ogg", mimeType: "audio/ogg", bytes: Buffer.from(text) };
}

/** The whole answer at once. */
export function inOnePiece(answer: string): Script {
  return say(answer, { chunk: Number.POSITIVE_INFINITY });
}

/** The first words of an answer, one part of so many, up to the end of a word. */
export function beginning(answer: string, parts: number): string {
  return answer.slice(0, answer.indexOf(" ", answer.length / parts));
}

/** Whether a text holds the last word of another one. */
export function reaches(text: string, end: string): boolean {
  return new RegExp(`${end.slice(end.lastIndexOf(" ") + 1)}\\b`).test(text);
}
