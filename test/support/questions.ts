import type { Person, Room } from "../../src/playground/chat-platform.ts";
import { type CozeEmulator, type Script, say } from "../../src/playground/coze/index.ts";
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
}

/** Every question that was asked of a Coze emulator, each with an answer of its own, and what has become of it. */
export class Questions {
  readonly #coze: CozeEmulator;
  readonly #scripts = new Map<string, () => Script>();
  readonly #asked: Question[] = [];

  /** From now on the emulator answers as told here; what was asked otherwise it repeats. */
  constructor(coze: CozeEmulator) {
    this.#coze = coze;
    coze.answer = ({ text }) => this.#scripts.get(text)?.() ?? say(`You said: ${text}`, { chunk: 100 });
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
    const mark = markOf(this.#asked.length);
    const [text, answer] = [`Count with ${mark}, please.`, markedText(mark, words)];
    this.plan(text, () => script(answer));
    const { chat, person, room } = by;
    const question = chat.say(person, room, text, { mention: room.kind !== "private" });
    const asked: Question = { chat, person, room, question, mark, answer, text };
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
    const requests = cozeQuestions(this.#coze).filter((question) => question.text === text);
    const begun = requests.findIndex(({ request }) => request.status === 200);
    return begun < 0 ? 0 : requests.length - 1 - begun;
  }

  /** How many runs a question has had. */
  runsOf({ text }: Question): number {
    const messages = this.#coze.conversations.flatMap((conversation) => conversation.messages);
    return messages.filter((message) => message.role === "user" && message.text === text).length;
  }
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
