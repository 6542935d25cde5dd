import type { ApiCall, Revision } from "../chat-platform.ts";
import type { CozeEmulator } from "../coze/index.ts";
import type { Exchange } from "../exchange.ts";
import type { Scene } from "./scene.ts";

/** What came of a scene on one platform, measured on the platform's side. */
export interface Result {
  readonly platform: string;
  readonly scene: string;
  /** From the person's message to the first text of the bot, in milliseconds. */
  readonly firstTextMs: number | undefined;
  /** From the person's message to the last change. */
  readonly completeMs: number | undefined;
  readonly messages: number;
  readonly edits: number;
  /** Whether the words are those that they must be. */
  readonly isExact: boolean;
  /** Answers of the platform that said: too fast (HTTP 429). */
  readonly rateLimited: number;
  /** Every promise that was not kept, one sentence each. */
  readonly problems: readonly string[];
}

/** Looks at what a scene left behind. It may be asked again later, and then tells what changed meanwhile. */
export function resultOf(scene: Scene, exchange: Exchange, coze: CozeEmulator): Result {
  const { seat, startedAt } = exchange;
  const answers = exchange.answers();
  const versions = versionsOf(exchange);
  const mistakes = scene.mistakes(exchange, coze);
  const first = answers[0]?.first.at;
  const calls = callsOf(exchange);
  return {
    platform: seat.title,
    scene: scene.title,
    firstTextMs: first === undefined ? undefined : first - startedAt,
    completeMs: versions.length === 0 ? undefined : Math.max(...versions.map(({ at }) => at)) - startedAt,
    messages: answers.length,
    edits: versions.length - answers.length,
    isExact: mistakes.length === 0,
    rateLimited: calls.filter(({ status }) => status === 429).length,
    problems: [...mistakes, ...brokenPromises(scene, exchange)],
  };
}

/** Whether the calls behind all that is shown were answered: a text is seen before the platform's answer has travelled back. */
export function isSettled(exchange: Exchange): boolean {
  return writesOf(exchange) >= versionsOf(exchange).length;
}

/** Above this the first text is late, with a model that begins to answer at once. */
const LATE_MS = 3000;

function brokenPromises(scene: Scene, exchange: Exchange): string[] {
  const { seat, startedAt } = exchange;
  const answers = exchange.answers();
  const versions = versionsOf(exchange);
  const [first] = answers;
  const longest = Math.max(0, ...versions.map(({ text }) => [...text].length));
  const refused = callsOf(exchange).filter(({ status }) => status >= 400);
  const writes = writesOf(exchange);
  const problems: readonly (readonly [boolean, string])[] = [
    [first === undefined, "the bot said nothing"],
    [first !== undefined && first.first.at - startedAt > LATE_MS, "the first text came late"],
    [scene.grows && first?.versions.length === 1, "the answer did not grow: it came in one piece"],
    [longest > seat.maxLength, `a message has ${longest} characters, more than ${seat.maxLength}`],
    [answers.some(({ last }) => hasOpenFence(last.text)), "a block of code has no end"],
    [refused.length > 0, `${seat.title} refused: ${refused.map(({ method, status }) => `${method} (${status})`)}`],
    [writes !== versions.length, `${writes} calls for the ${versions.length} versions that were shown`],
  ];
  return problems.filter(([isBroken]) => isBroken).map(([, problem]) => problem);
}

function versionsOf(exchange: Exchange): readonly Revision[] {
  return exchange.answers().flatMap((answer) => answer.versions);
}

/** How many calls put a new message or another text into the chat; those that change the buttons alone are not counted. */
function writesOf(exchange: Exchange): number {
  const shown = new Map<unknown, string>();
  const answered = callsOf(exchange).filter(
    ({ method, status }) => isWrite.test(method) && status >= 200 && status < 300,
  );
  const messages = answered.flatMap(({ response }) => messagesIn(response));
  return messages.filter(({ id, content }) => shown.get(id) !== content && shown.set(id, content)).length;
}

const isWrite =
  /^(send(Message|Photo|Video|Audio|Voice|Document|MediaGroup)|editMessage(Text|Caption)|(POST|PATCH) \/(channels|webhooks)\/.*\/messages(\/.*)?)$/;

/** The messages that a platform's answer tells of: Discord's answer is one, Telegram's holds one or an album. */
function messagesIn(response: unknown): { readonly id: unknown; readonly content: string }[] {
  const { result = response } = response as { readonly result?: unknown };
  return [result].flat().map((message) => {
    const { id, message_id, content, text, caption, entities, caption_entities } = message as Record<string, unknown>;
    return {
      id: id ?? message_id,
      content: JSON.stringify([content ?? text ?? caption, entities ?? caption_entities]),
    };
  });
}

function callsOf({ seat, startedAt, endedAt }: Exchange): readonly ApiCall[] {
  return seat.chat.calls.filter(({ at }) => at >= startedAt && at < (endedAt ?? Number.POSITIVE_INFINITY));
}

/** Only Discord's text has fences; on Telegram a block of code is an entity. */
function hasOpenFence(text: string): boolean {
  return (text.match(/^```/gm) ?? []).length % 2 !== 0;
}
