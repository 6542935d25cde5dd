import { type Answer, complete, followUp, interrupt, type Said, type Script, say } from "../coze/index.ts";
import { longAnswer } from "./long-answer.ts";
import { lightQuestion, pictureSeen, teapotShown, wayOfPicture, whichWay } from "./picture-talk.ts";
import { lights } from "./teapot.ts";

/** The agent of demo and playground. It knows what its conversation holds on Coze, and nothing else. */
export function demoAgent(picturesUrl: string): Answer {
  return (question) => {
    const light = lights.find(({ title }) => title === question.text);
    if (light) return [...atReadingPace(teapotShown(light, picturesUrl)), followUp(whichWay)];
    return question.text === whichWay ? atReadingPace(wayOfPicture) : inWords(question);
  };
}

const inWords: Answer = ({ text, files: [file], history }) => {
  const earlier = history.filter(({ role }) => role === "user");
  if (/\bcount\b|数/i.test(text)) return atReadingPace(countedStars);
  if (/\blong answer\b|长/i.test(text)) return atReadingPace(longAnswer);
  if (/what (is|was|did|do) .*\b(my|I|me)\b|我.*(谁|叫什么|说)/i.test(text))
    return atReadingPace(recollection(earlier));
  const [, name] = introduction.exec(text) ?? [];
  if (file) {
    const subject = subjectIn(earlier.map((said) => said.text).join("\n"));
    return [...atReadingPace(pictureSeen(file, subject)), complete(), interrupt(lightQuestion)];
  }
  return atReadingPace(name ? greeting(name, subjectIn(text)) : echo(text, earlier.length));
};

/** About 190 characters a second, as fast models write. */
function atReadingPace(text: string): Script {
  return say(text, { chunk: 8, everyMs: 40 });
}

const introduction = /\bmy name is (\p{L}+)|我叫(\p{L}{1,4})/iu;
const hobby = /\bI collect (\p{L}+)/iu;

export function greeting(name: string, subject: string | undefined): string {
  const remark = subject
    ? `So you collect *${subject}*: I will remember that. Ask me about it later, and I answer from the memory of our conversation, which lives on Coze and outlasts a restart of the bridge.`
    : "I will remember that, for as long as our conversation lasts.";
  return `Hello **${name}**, nice to meet you! 👋\n\n${remark}`;
}

export function memoryOf(name: string, subject: string): string {
  return `Your name is **${name}**, and you collect *${subject}*. 🍵\n\nYou told me a moment ago. The bridge sent the id of our conversation along with your question, and Coze had kept the rest.`;
}

export const noMemory =
  "I don't know: this is the first thing that you say to me. 🤷\n\nAfter `/new` a conversation begins in which nothing was said before.";

/** Far more than anybody waits for. */
export const countedStars = Array.from({ length: 2000 }, (_, index) => `${index + 1} ⭐`).join(" ");

function recollection(earlier: readonly Said[]): string {
  const said = earlier.map(({ text }) => text).join("\n");
  const [, name] = introduction.exec(said) ?? [];
  if (name) return memoryOf(name, subjectIn(said) ?? "nothing that I know of");
  if (earlier.length === 0) return noMemory;
  return `You did not tell me your name. You said:\n\n${earlier.map(({ text }, index) => `${index + 1}. ${text}`).join("\n")}`;
}

function subjectIn(text: string): string | undefined {
  return hobby.exec(text)?.[1];
}

function echo(text: string, earlier: number): string {
  const memory = earlier === 0 ? "It is the first thing that you say to me" : `I remember ${earlier} earlier messages`;
  return `You said: ${text}\n\n${memory}. I am only a script, but the way of my words to you is real. Try \`My name is …\`, \`What is my name?\`, \`Give me a long answer\`, \`Count the stars\` and then \`/stop\`, or \`/new\`.`;
}
