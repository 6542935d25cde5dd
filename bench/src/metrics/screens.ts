import type { Observation } from "./observation.ts";

/** All that the reader sees of an answer from `at` on. */
export interface Screen {
  readonly at: number;
  readonly text: string;
}

interface Change {
  readonly at: number;
  apply(chat: ShownChat): void;
}

interface ShownChat {
  readonly messages: Map<string, string>;
  draft: string;
  draftUntil: number;
}

const draftLastsMs = 30_000;

/** What stood in the chat, state by state. A draft stands below the messages until one arrives or 30 s went by. */
export function screensOf(observation: Observation): readonly Screen[] {
  const chat: ShownChat = { messages: new Map(), draft: "", draftUntil: 0 };
  const screens: Screen[] = [];
  for (const change of [...messageChanges(observation), ...draftChanges(observation)].sort((a, b) => a.at - b.at)) {
    if (chat.draft !== "" && chat.draftUntil < change.at) {
      chat.draft = "";
      screens.push({ at: chat.draftUntil, text: textOf(chat) });
    }
    change.apply(chat);
    screens.push({ at: change.at, text: textOf(chat) });
  }
  return screens;
}

/** What stays in the chat: the messages without any draft. */
export function finalText({ messages }: Observation): string {
  return messages.map(({ versions }) => versions.at(-1)?.text ?? "").join("");
}

function messageChanges({ messages }: Observation): Change[] {
  return messages.flatMap(({ id, versions }) =>
    versions.map(({ at, text }, index) => ({
      at,
      apply(chat: ShownChat) {
        if (index === 0) chat.draft = "";
        chat.messages.set(id, text);
      },
    })),
  );
}

function draftChanges({ calls }: Observation): Change[] {
  return calls.flatMap(({ kind, status, answeredAt, draft }) => {
    if (kind !== "draft" || status !== 200 || draft === undefined) return [];
    const apply = (chat: ShownChat) => {
      chat.draft = draft;
      chat.draftUntil = answeredAt + draftLastsMs;
    };
    return [{ at: answeredAt, apply }];
  });
}

function textOf({ messages, draft }: ShownChat): string {
  return [...messages.values(), draft].join("");
}
