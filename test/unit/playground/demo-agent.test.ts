import { expect, test } from "vitest";
import type { AskedFile, Step } from "../../../src/playground/coze/index.ts";
import { demoAgent } from "../../../src/playground/demo/agent.ts";
import { sunset, teapotIn } from "../../../src/playground/demo/teapot.ts";

const agent = demoAgent("http://pictures");

/** What it says, with the question of its flow and the suggestions in a list. */
function answer(text: string, files: readonly AskedFile[] = [], earlier: readonly string[] = []) {
  const history = earlier.map((said) => ({ role: "user", text: said }) as const);
  const steps = agent({
    ...{ text, files, history, mode: "agent", conversationId: "1", turn: 1, resumes: false },
    parameters: {},
    customVariables: {},
  });
  const of = (kind: Step["do"]) => steps.flatMap((step) => (step.do === kind && "text" in step ? step.text : []));
  const questions = steps.flatMap((step) => (step.do === "interrupt" ? step.question : []));
  return { said: of("delta").join(""), questions, suggested: of("follow-up") };
}

const photo = { ...teapotIn(sunset), kind: "image", name: "photo.jpg" };
const note = { kind: "file", name: "note.txt", bytes: new Uint8Array(1234) };

test.each<[string, AskedFile, readonly string[], readonly string[]]>([
  ["a picture, by its size", photo, [], ["`photo.jpg`: a picture of 240 × 160 pixels, 4,", "can't say"]],
  ["a file that is no picture", note, [], ["`note.txt`: 1,234 bytes."]],
  ["what it may show, from memory", photo, ["I collect teapots."], ["You collect *teapots*, so I guess"]],
])("tells %s", (_, file, earlier, parts) => {
  const { said, questions } = answer("What is this?", [file], earlier);
  for (const part of parts) expect(said).toContain(part);
  expect(questions).toEqual([expect.stringMatching(/\n\n1\. By moonlight\n2\. At noon\n3\. In the mist$/)]);
});

test.each([
  ["By moonlight", "http://pictures/teapot-by-moonlight.png"],
  ["At noon", "http://pictures/teapot-at-noon.png"],
  ["In the mist", "http://pictures/teapot-in-the-mist.png"],
])("%s it shows a picture between two texts, and suggests a question that it can answer", (light, address) => {
  const { said, suggested } = answer(light, [photo]);
  expect(said).toMatch(/^Here it is.*:\n\n!\[A teapot\]\(.*\)\n\nThe same pot/);
  expect(said).toContain(`(${address})`);
  const [question = ""] = suggested;
  expect(answer(question).said).toContain("held a link");
});

test("a question without a file is answered as ever", () => {
  expect(answer("What is this?").said).toContain("You said: What is this?");
});
