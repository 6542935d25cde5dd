import { silentOggOpus } from "../../src/playground/coze/ogg-opus.ts";
import type { FaultRule } from "../../src/playground/faults.ts";
import { type SpokenAnswer, spokenAnswer } from "./spoken-answer.ts";
import type { Stage } from "./stage.ts";
import {
  always,
  called,
  failCalls,
  type Held,
  hang,
  hangApplied,
  inAgentMode,
  type Step,
  sends,
  sessionOf,
} from "./step.ts";

const SHORT = 40;
/** Two voice messages. */
const LONG = 200;

/** The answer is spoken, too. Coze has said all of it, so that the mode makes no difference any more. */
export const voiceSteps: readonly Step[] = inAgentMode([
  { title: "its voice not made yet", hold: holdSpeech },
  { title: "a voice message lost on its way", hold: (stage) => holdVoice(stage, { words: SHORT, effect: hang }) },
  {
    title: "a voice message applied, its answer lost",
    hold: (stage) => holdVoice(stage, { words: SHORT, effect: hangApplied }),
  },
  {
    title: "second voice message lost on its way",
    hold: (stage) => holdVoice(stage, { words: LONG, effect: hang, skip: 1 }),
  },
  {
    title: "second voice message applied, its answer lost",
    hold: (stage) => holdVoice(stage, { words: LONG, effect: hangApplied, skip: 1 }),
  },
  {
    title: "the agent's own voice applied, its answer lost",
    // The next process no longer has it, and what Coze speaks would be two messages.
    hold: (stage) => holdVoice(stage, { words: LONG, effect: hangApplied, own: silentOggOpus(7000) }),
  },
]);

async function holdSpeech(stage: Stage): Promise<Held> {
  const { coze } = stage.world;
  const path = "/v1/audio/speech";
  const release = coze.faults.add({ method: `POST ${path}`, times: always, effect: hang });
  const turn = stage.put((mark) => spokenAnswer(mark, { words: SHORT }));
  const isOwn = ({ sessionName }: { readonly sessionName?: string }) => sessionName === sessionOf(turn);
  await coze.until("Coze is to speak", () => coze.requests.some((request) => request.path === path && isOwn(request)));
  return { turns: [turn], release };
}

/** The voice messages of an answer, but for the first ones. */
async function holdVoice(
  stage: Stage,
  { effect, skip = 0, ...answer }: SpokenAnswer & Pick<FaultRule, "effect" | "skip">,
): Promise<Held> {
  const { files } = sends[stage.world.chat.name];
  const by = stage.someone();
  const release = failCalls(stage, by.room, files, { effect, skip });
  const turn = stage.put((mark) => spokenAnswer(mark, answer), by);
  await called(stage, turn, files, skip + 1);
  return { turns: [turn], release };
}
