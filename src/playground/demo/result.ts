import type { ApiCall, Revision } from "../chat-platform.ts";
import type { CozeEmulator } from "../coze/index.ts";
import type { Exchange } from "../exchange.ts";
import type { Scene } from "./scenes.ts";

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
  return writesOf(exchange).length >= versionsOf(exchange).length;
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
    [writes.length !== versions.length, `${writes.length} calls for the ${versions.length} versions that were shown`],
  ];
  return problems.filter(([isBroken]) => isBroken).map(([, problem]) => problem);
}

function versionsOf(exchange: Exchange): readonly Revision[] {
  return exchange.answers().flatMap((answer) => answer.versions);
}

/** Calls that put text into the chat. */
function writesOf(exchange: Exchange): readonly ApiCall[] {
  return callsOf(exchange).filter(({ method, status }) => isWrite.test(method) && status >= 200 && status < 300);
}

const isWrite = /^(sendMessage|editMessageText|(POST|PATCH) \/(channels|webhooks)\/.*\/messages(\/.*)?)$/;

function callsOf({ seat, startedAt, endedAt }: Exchange): readonly ApiCall[] {
  return seat.chat.calls.filter(({ at }) => at >= startedAt && at < (endedAt ?? Number.POSITIVE_INFINITY));
}

/** Only Discord's text has fences; on Telegram a block of code is an entity. */
function hasOpenFence(text: string): boolean {
  return (text.match(/^```/gm) ?? []).length % 2 !== 0;
}
