import { gate, type Script } from "../../src/playground/coze/index.ts";
import type { FaultEffect, FaultRule } from "../../src/playground/faults.ts";
import { closedGate } from "../support/gate.ts";
import { afterGate, type Serving } from "../support/link-server.ts";
import { beginning, inOnePiece, type Question, type Somebody } from "../support/questions.ts";
import { type IllustratedAnswer, illustratedAnswer, type Pictures, type Section } from "./illustrated-answer.ts";
import type { Stage } from "./stage.ts";
import { both, called, failCalls, type Held, hang, hangApplied, inAgentMode, type Step, sends, shows } from "./step.ts";

const inWords: Readonly<Record<Pictures, string>> = {
  picture: "a picture",
  album: "an album",
  missing: "a picture that was given up",
};

/** Pictures of an answer that goes on. */
const growing: readonly Step[] = [
  { title: "its picture being fetched", hold: holdDownload },
  { title: "a picture lost on its way", hold: (stage) => holdPicture(stage, hang) },
  { title: "a picture applied, its answer lost", hold: (stage) => holdPicture(stage, hangApplied) },
  { title: "growing behind a picture", hold: holdGrowing },
];

/** Coze has said all of the answer, so that the mode makes no difference any more. */
const answered: readonly Step[] = inAgentMode([
  {
    title: "a picture at the beginning applied, its answer lost",
    hold: (stage) => holdPictures(stage, ["picture", 20], { effect: hangApplied }),
  },
  {
    title: "a picture at the end applied, its answer lost",
    hold: (stage) => holdPictures(stage, [20, "picture"], { effect: hangApplied }),
  },
  { title: "an album lost on its way", hold: (stage) => holdPictures(stage, [20, "album", 20], { effect: hang }) },
  {
    title: "an album applied, its answer lost",
    hold: (stage) => holdPictures(stage, [20, "album", 20], { effect: hangApplied }),
  },
  {
    title: "a picture behind an album applied, its answer lost",
    hold: (stage) => holdPictures(stage, [20, "album", 20, "picture", 20], { effect: hangApplied, skip: 1 }),
  },
  ...(["picture", "album", "missing"] as const).flatMap((pictures) => [
    {
      title: `behind ${inWords[pictures]} a text lost on its way`,
      hold: (stage: Stage) => holdTextBehind(stage, pictures, hang),
    },
    {
      title: `behind ${inWords[pictures]} a text applied, its answer lost`,
      hold: (stage: Stage) => holdTextBehind(stage, pictures, hangApplied),
    },
  ]),
]);

export const pictureSteps: readonly Step[] = [...growing, ...answered];

async function holdDownload(stage: Stage): Promise<Held> {
  const rest = closedGate();
  const serving = (picture: Uint8Array) => afterGate(rest.opened, picture);
  const { turn, links, seen } = ask(stage, [20, "picture", 20], { script: inHalves(rest.opened), serving });
  await Promise.all([shows(stage, turn, seen[0] ?? ""), ...links.map((link) => stage.links.opened(link))]);
  return { turns: [turn], release: rest.open };
}

async function holdPicture(stage: Stage, effect: FaultEffect): Promise<Held> {
  const rest = closedGate();
  const held = await holdPictures(stage, [20, "picture", 20], { effect, script: inHalves(rest.opened) });
  return { ...held, release: both(held.release, rest.open) };
}

async function holdGrowing(stage: Stage): Promise<Held> {
  const rest = closedGate();
  const { turn, seen } = ask(stage, [20, "picture", 20], { script: inHalves(rest.opened) });
  await shows(stage, turn, beginning(seen[2] ?? "", 3));
  return { turns: [turn], release: rest.open };
}

/** The pictures of an answer, but for those of the first calls. */
async function holdPictures(
  stage: Stage,
  sections: readonly Section[],
  { effect, skip = 0, script = atOnce }: Pick<FaultRule, "effect" | "skip"> & Pick<Asking, "script">,
): Promise<Held> {
  const { files } = sends[stage.world.chat.name];
  const by = stage.someone();
  const release = failCalls(stage, by.room, files, { effect, skip });
  const { turn } = ask(stage, sections, { by, script });
  await called(stage, turn, files, skip + 1);
  return { turns: [turn], release };
}

async function holdTextBehind(stage: Stage, pictures: Pictures, effect: FaultEffect): Promise<Held> {
  const { words } = sends[stage.world.chat.name];
  const by = stage.someone();
  const release = failCalls(stage, by.room, words, { effect, skip: 1 });
  const { turn, links } = ask(stage, [20, pictures, 20], { by });
  await called(stage, turn, words, 2);
  const again = () => links.filter((link) => stage.links.timesOpened(link) > 1);
  return { turns: [turn], release, problems: () => again().map((link) => `${link} fetched again`) };
}

interface Illustrated extends IllustratedAnswer {
  readonly turn: Question;
}

/** How an answer comes. */
type Telling = (answer: IllustratedAnswer) => Script;

interface Asking {
  readonly by?: Somebody;
  /** Default: all of it at once. */
  readonly script?: Telling;
  /** How its pictures are served. */
  readonly serving?: (picture: Uint8Array) => Serving;
}

/** Asks for an answer of these sections. */
function ask(stage: Stage, sections: readonly Section[], asking: Asking): Illustrated {
  const { by, script = atOnce, serving } = asking;
  let asked: IllustratedAnswer = { markdown: "", seen: [], links: [] };
  const turn = stage.put((mark) => {
    const answer = illustratedAnswer(mark, sections, stage.links, serving);
    asked = answer;
    return { answer: answer.seen.join("\n\n"), script: () => script(answer) };
  }, by);
  return { ...asked, turn };
}

function atOnce({ markdown }: IllustratedAnswer): Script {
  return inOnePiece(markdown);
}

/** The second half of the text at the end waits. */
function inHalves(opened: Promise<void>): Telling {
  return ({ markdown, seen }) => {
    const end = markdown.length - (seen.at(-1) ?? "").length / 2;
    return [...inOnePiece(markdown.slice(0, end)), gate(opened), ...inOnePiece(markdown.slice(end))];
  };
}
