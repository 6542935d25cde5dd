import { describe, expect, test } from "vitest";
import type { QuestionFile } from "../../../src/coze/agent.ts";
import { isOfQuestion, messagesOf, takenByParameters } from "../../../src/coze/question-messages.ts";
import { messagesIn, type WireMessage } from "../../../src/coze/wire.ts";

const image: QuestionFile = { kind: "image", fileId: "11" };
const file: QuestionFile = { kind: "file", fileId: "22" };
const audio: QuestionFile = { kind: "audio", fileId: "33" };
const words = (content: string) => ({ content_type: "text", content });
const items = (...content: object[]) => ({ content_type: "object_string", content });
const text = (value: string) => ({ type: "text", text: value });

describe("a question is said in messages that Coze takes", () => {
  test.each<[string, string, readonly QuestionFile[], object[]]>([
    ["words", "hi", [], [words("hi")]],
    ["nothing at all", " ", [], [words("📎")]],
    [
      "words, an image and a file",
      "hi",
      [image, file],
      [items(text("hi"), { type: "image", file_id: "11" }, { type: "file", file_id: "22" })],
    ],
    ["an image without words", "", [image], [items(text("📎"), { type: "image", file_id: "11" })]],
    ["sound without words", "\n", [audio], [items({ type: "audio", file_id: "33" })]],
    ["sound with words, which go before it", "hi", [audio], [words("hi"), items({ type: "audio", file_id: "33" })]],
    [
      "sound beside an image",
      "hi",
      [audio, image],
      [items(text("hi"), { type: "audio", file_id: "33" }, { type: "image", file_id: "11" })],
    ],
  ])("%s", (_, said, files, expected) => {
    const messages = messagesOf({ text: said, files });
    const isItems = (type: string) => type === "object_string";
    const shown = messages.map(({ content, content_type }) => ({
      content_type,
      content: isItems(content_type) ? JSON.parse(content) : content,
    }));
    expect(shown).toEqual(expected);
    expect(messages.every(({ role, type }) => role === "user" && type === "question")).toBe(true);
  });
});

describe("a start node takes files by name", () => {
  const id = (value: string) => `{"file_id":"${value}"}`;
  test.each([
    ["none is named", [image], {}, {}, [image]],
    ["one", [image], { image: "photo" }, { photo: id("11") }, []],
    [
      "several of one kind",
      [image, { ...image, fileId: "12" }],
      { image: "photo" },
      { photo: [id("11"), id("12")] },
      [],
    ],
    ["two kinds by one name", [image, file], { image: "any", file: "any" }, { any: [id("11"), id("22")] }, []],
    ["a kind that is not named", [image, audio], { audio: "voice" }, { voice: id("33") }, [image]],
  ])("%s", (...[, files, names, parameters, left]) => {
    expect(takenByParameters(files, names)).toEqual({ parameters, left });
  });
});

describe("a stored message is recognised", () => {
  const photo = { text: "what is this?", files: [image] };
  const stored = (fields: object): WireMessage => {
    const [message] = messagesIn([{ role: "user", type: "question", content_type: "text", ...fields }]) ?? [];
    if (!message) throw new Error("No message.");
    return message;
  };
  const ofItems = (...parts: object[]) => ({ content_type: "object_string", content: JSON.stringify(parts) });
  test.each<[string, object, object, boolean]>([
    ["the same words", { text: "hi" }, { content: " hi" }, true],
    ["other words", { text: "hi" }, { content: "ho" }, false],
    ["the answer that repeats them", { text: "hi" }, { content: "hi", role: "assistant", type: "answer" }, false],
    ["words and file", photo, ofItems(text("what is this?"), { type: "image", file_id: "11" }), true],
    ["words and an address of the file", photo, ofItems({ type: "image", file_url: "u" }, text("what is this?")), true],
    ["the same words and another file", photo, ofItems(text("what is this?"), { type: "image", file_id: "9" }), false],
    ["other words and the file", photo, ofItems(text("and this?"), { type: "image", file_id: "11" }), false],
    ["words whose file went by an input", photo, { content: "what is this?" }, true],
    ["no words, by the stand-in", { text: "", files: [file] }, { content: "📎" }, true],
    ["sound", { text: "", files: [audio] }, ofItems({ type: "audio", file_id: "33" }), true],
    ["nothing that could be compared", { text: "", files: [audio] }, ofItems({ type: "audio" }), false],
    ["words that look like items", { text: "[]" }, { content: "[]" }, true],
  ])("%s", (_, question, message, expected) => {
    expect(isOfQuestion(stored(message), { text: "", ...question })).toBe(expected);
  });
});
