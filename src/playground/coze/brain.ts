import { type Script, say } from "./script.ts";

/** What a script is chosen by. */
export interface AskedQuestion {
  readonly text: string;
  /** What came with it, by the message or by inputs of the flow's start node. */
  readonly files: readonly AskedFile[];
  /** Inputs of the start node. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Variables of the agent's prompt. */
  readonly customVariables: Readonly<Record<string, string>>;
  /** What was said before in this conversation and is still remembered, oldest first. */
  readonly history: readonly Said[];
  /** Absent when the caller's token carries none. */
  readonly sessionName?: string;
  readonly conversationId: string;
  readonly mode: Mode;
  /** 1 for the conversation's first chat. Clearing the context does not start over. */
  readonly turn: number;
  /** Whether it answers an interrupt of the chat before. */
  readonly resumes: boolean;
}

export interface AskedFile {
  /** As the message calls it; or the name of the input. */
  readonly kind: string;
  /** As it was uploaded; or the address of a file that was not. */
  readonly name: string;
  /** Empty for a file that was not uploaded. */
  readonly bytes: Uint8Array;
}

export interface Said {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** Agent over /v3/chat; chatflow with `app_id` or with `bot_id`. */
export type Mode = "agent" | "chatflow-app" | "chatflow-bot";

export type Answer = (question: AskedQuestion) => Script;

/** The answer when none was scripted: an echo that knows what it was told. */
export const friendlyBrain: Answer = ({ text, files, history }) => {
  if (files.length > 0) {
    const list = files.map(({ kind, name, bytes }) => `- ${kind}: ${name}, ${bytes.length} bytes`);
    return say([`You said: ${text}`, "You sent:", ...list].join("\n"));
  }
  if (!/what did i (just )?say|我(刚才|刚刚)?说了什么/i.test(text)) return say(`You said: ${text}`);
  const mine = history.filter((said) => said.role === "user").map((said) => `- ${said.text}`);
  return say(mine.length === 0 ? "You have said nothing so far." : `You said:\n${mine.join("\n")}`);
};
