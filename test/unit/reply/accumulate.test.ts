import { describe, expect, it } from "vitest";
import type { AnswerEvent } from "../../../src/coze/events.ts";
import { type Answer, accumulate, answerText, emptyAnswer } from "../../../src/reply/accumulate.ts";

const created: AnswerEvent = { type: "created", chatId: "7", conversationId: "8" };
const completed: AnswerEvent = { type: "completed" };
const delta = (text: string, messageId = "1"): AnswerEvent => ({ type: "delta", messageId, text });
const message = (text: string, messageId = "1"): AnswerEvent => ({ type: "message", messageId, text });

const call = { id: "call_1", name: "clock", arguments: "{}" };

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) freeze(part);
  return Object.freeze(value);
}

/** Folds frozen answers, so that whoever changes one in place throws. */
function fold(events: readonly AnswerEvent[]): Answer {
  return events.reduce((answer, event) => freeze(accumulate(answer, freeze(event))), freeze({ ...emptyAnswer }));
}

describe("the text of an answer", () => {
  it.each<[string, AnswerEvent[], string]>([
    ["is empty before anything came", [], ""],
    ["is empty when the run has only begun", [created], ""],
    ["is what the deltas make together", [delta("Hel"), delta("lo")], "Hello"],
    ["is the whole message when that came without deltas", [message("Hello")], "Hello"],
    ["is the whole message rather than its deltas", [delta("Helo"), message("Hello!")], "Hello!"],
    ["may be shorter in the end", [delta("Hello world"), message("Hello")], "Hello"],
    ["is not lengthened by deltas that come after the whole", [message("Hello"), delta("lo")], "Hello"],
    ["is the first whole message when it comes twice", [message("Hello"), message("Hello again")], "Hello"],
    ["has a blank line between messages", [message("One"), message("Two", "2")], "One\n\nTwo"],
    ["is in the order in which the messages began", [delta("B", "2"), delta("A"), delta("b", "2")], "Bb\n\nA"],
    ["keeps deltas of several messages apart", [delta("a"), delta("b", "2"), delta("c"), message("ac")], "ac\n\nb"],
    ["leaves blank messages out", [message(" \n"), delta("", "2"), message("Two", "3")], "Two"],
    ["is empty again when its only message turns out blank", [delta("Hi"), message("")], ""],
    [
      "holds no reasoning, no follow-up and no tool",
      [
        { type: "reasoning", messageId: "1", text: "Let me think." },
        delta("Hello"),
        { type: "reasoning", messageId: "1", text: "More." },
        { type: "tool", name: "search" },
        { type: "follow-up", text: "What next?" },
        completed,
      ],
      "Hello",
    ],
  ])("%s", (_, events, text) => expect(answerText(fold(events))).toBe(text));

  it("only grows while deltas of one message arrive", () => {
    let former = "";
    let answer = emptyAnswer;
    for (const piece of ["你", "好，", "😀", " ", "\n\n", "x"]) {
      answer = accumulate(answer, delta(piece));
      expect(answerText(answer).startsWith(former.trimEnd())).toBe(true);
      former = answerText(answer);
    }
  });
});

describe("what is known of a run", () => {
  it.each<[string, AnswerEvent[], Partial<Answer>]>([
    ["its ids", [created], { run: { chatId: "7", conversationId: "8" } }],
    ["that it is complete", [delta("a"), completed], { outcome: "completed" }],
    ["that it was cancelled", [delta("a"), { type: "cancelled" }], { outcome: "cancelled" }],
    ["that it waits for the person", [{ type: "waiting", for: "reply" }], { outcome: "waiting-for-reply" }],
    [
      "that it waits for tools, and for which",
      [{ type: "waiting", for: "tools", calls: [call] }],
      { outcome: "waiting-for-tools", toolCalls: [call] },
    ],
    ["its tokens", [{ type: "completed", tokens: 3 }], { outcome: "completed", tokens: 3 }],
    ["where its author can look", [completed, { type: "debug", url: "https://x.y" }], { debugUrl: "https://x.y" }],
  ])("%s", (_, events, known) => expect(fold(events)).toMatchObject(known));

  it("goes on over rounds of tools, and the last one counts", () => {
    const round = (id: string): AnswerEvent => ({ type: "waiting", for: "tools", calls: [{ ...call, id }] });
    const events = [created, message("One"), round("call_1"), message("Two", "2"), round("call_2")];
    const waiting = fold(events);
    expect(waiting).toMatchObject({ outcome: "waiting-for-tools", toolCalls: [{ id: "call_2" }] });
    expect(answerText(waiting)).toBe("One\n\nTwo");
    expect(fold([...events, completed])).toMatchObject({ outcome: "completed" });
  });

  it("is nothing before its end", () => {
    expect(fold([created, delta("a"), message("ab")]).outcome).toBeUndefined();
  });
});
