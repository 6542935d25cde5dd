import { en } from "../../src/locale/en.ts";
import {
  comment,
  cut,
  done,
  errorEvent,
  event,
  fail,
  interrupt,
  needTools,
  pauseFor,
  type Script,
  say,
  silence,
  think,
} from "../../src/playground/coze/index.ts";
import type { FaultEffect } from "../../src/playground/faults.ts";
import type { FailureCode } from "../../src/turn/failures.ts";

/** One way in which Coze can fail a question, and what may be seen of it. */
export interface CozeFault {
  readonly title: string;
  /** What the run does, when the question is taken at all. Default: it repeats the question. */
  readonly script?: Script;
  /** What the question's call is answered with instead, under this log id. */
  readonly effect?: (logid: string) => FaultEffect;
  /** How many calls the effect hits. Default: every one. */
  readonly times?: number;
  /** The whole of what the person reads. Default: the question repeated, as if nothing had happened. */
  readonly reads?: string;
  /** How often the question is sent to Coze. Default 1. */
  readonly asked?: number;
  /** How the log calls the turn's end. Default: nothing, as for any good answer. */
  readonly failure?: FailureCode;
  /** Coze's code, in the log. */
  readonly code?: number;
  /** What else holds for a chatflow of an app: nobody can look there for a first question that may have arrived. */
  readonly inApp?: Pick<CozeFault, "reads" | "asked" | "failure">;
}

export const kept = "The answer begins like this";

/** What a run says after its stream is lost. */
const rest = ", and goes on like that.";

/** What stands in the chat when an answer broke off. */
export function broken(sentence: string): string {
  return `${kept}\n\n${sentence}`;
}

/** Refusals of the question itself: no run begins. */
export const refusals: readonly CozeFault[] = [
  final("quota used up, as HTTP 200", json(4028, 200), en.failedQuota, "ERR_COZE_QUOTA"),
  final("no balance", json(4011, 200), en.failedQuota, "ERR_COZE_QUOTA"),
  final("agent not published", json(4015, 200), en.failedAgent, "ERR_COZE_AGENT_UNAVAILABLE"),
  final("unknown resource", json(4200, 200), en.failedAgent, "ERR_COZE_AGENT_UNAVAILABLE"),
  final("bad parameter, as HTTP 400", json(4000, 400), en.failedAgent, "ERR_COZE_AGENT_UNAVAILABLE"),
  final("prompt too long", json(4010, 200), en.failedRejected, "ERR_COZE_REJECTED"),
  final("an unknown code", json(799_123_456, 200), en.failedService, "ERR_COZE_SERVICE"),
  final("a code as a string", json("4028", 200), en.failedQuota, "ERR_COZE_QUOTA"),
  final("HTTP 404 with a page", page(404), en.failedAgent, "ERR_COZE_AGENT_UNAVAILABLE"),
  final("HTTP 200 with a page", page(200), en.failedService, "ERR_COZE_SERVICE"),
  final("HTTP 500 with a page", page(500), en.failedService, "ERR_COZE_SERVICE"),
  { ...final("internal error, to the end", json(5000, 200), en.failedService, "ERR_COZE_SERVICE"), asked: 3 },
  { ...final("HTTP 502 with a page, to the end", page(502), en.failedService, "ERR_COZE_SERVICE"), asked: 4 },
  { ...final("HTTP 429, to the end", json(4020, 429), en.failedRateLimit, "ERR_COZE_RATE_LIMITED"), asked: 4 },
  {
    ...final("a stream without an event", emptyStream, en.failedInterrupted, "ERR_COZE_INTERRUPTED"),
    asked: 2,
    inApp: { asked: 1 },
  },
  ...[json(4101, 200), json(4100, 401), json(700_012_006, 401)].map((effect, index) => ({
    ...final(`token refused, wording ${index + 1}`, effect, en.failedAuthentication, "ERR_COZE_AUTHENTICATION"),
    asked: 2,
  })),
];

/** Refusals that pass when the question is asked again: nobody notices. */
export const passingRefusals: readonly CozeFault[] = [
  { title: "conversation busy, then free", effect: json(4016, 200), times: 1, asked: 2 },
  { title: "model failed, then works", effect: json(4013, 200), times: 1, asked: 2 },
  { title: "internal error, twice", effect: json(5000, 500), times: 2, asked: 3 },
  { title: "too many requests, then fewer", effect: json(4020, 429), times: 1, asked: 2 },
  { title: "HTTP 503 with a page, once", effect: page(503), times: 1, asked: 2 },
  {
    title: "a stream without an event, once",
    effect: emptyStream,
    times: 1,
    asked: 2,
    inApp: { asked: 1, reads: en.failedInterrupted, failure: "ERR_COZE_INTERRUPTED" },
  },
  { title: "a slow first event", effect: () => ({ kind: "delay", ms: 1000 }) },
];

/** Runs that begin and don't end as they should. */
export const brokenRuns: readonly CozeFault[] = [
  ...cuts(),
  ...failedRuns(),
  {
    title: "silence after some text",
    script: [...say(kept), silence(), ...say(rest)],
    reads: `${kept}${rest}`,
  },
  {
    title: "silence from the start",
    script: [silence()],
    reads: en.failedInterrupted,
    failure: "ERR_COZE_INTERRUPTED",
  },
  { title: "an end without an answer", script: [], reads: en.emptyAnswer, failure: "ERR_COZE_EMPTY_ANSWER" },
  { title: "an end marker alone", script: [done()], reads: en.emptyAnswer, failure: "ERR_COZE_EMPTY_ANSWER" },
  { title: "thoughts alone", script: [think("Hm.")], reads: en.emptyAnswer, failure: "ERR_COZE_EMPTY_ANSWER" },
  {
    title: "an event that is no JSON",
    script: [...say(kept), event("conversation.message.delta", "{broken")],
    reads: broken(en.failedService),
    failure: "ERR_COZE_SERVICE",
  },
];

/** Oddities of a stream that are no fault. */
export const oddRuns: readonly CozeFault[] = [
  {
    title: "tools that are not here",
    script: [...say(kept), needTools({ name: "local_time", arguments: { zone: "UTC" } })],
    reads: kept,
  },
  { title: "a question of the flow", script: [interrupt("Which city do you mean?")], reads: "Which city do you mean?" },
  {
    title: "a question that is not announced",
    script: [interrupt("And which day?", { announced: false })],
    reads: "And which day?",
  },
  {
    title: "a slow start, with comments and unknown events",
    script: [pauseFor(600), comment("ping"), event("PING", ""), pauseFor(600), comment("ping"), ...say(kept)],
    reads: kept,
  },
];

function final(title: string, effect: Effect, reads: string, failure: FailureCode): CozeFault {
  const { code } = effect;
  return { title, effect, reads, failure, ...(code !== undefined && { code }) };
}

interface Effect {
  (logid: string): FaultEffect;
  readonly code?: number;
}

/** Coze's own refusal. The words are such as no person may see. */
function json(code: number | string, status: number): Effect {
  const effect = (logid: string): FaultEffect => ({
    kind: "reply",
    status,
    body: { code, msg: `Request failed at node_7: stack 0x1f, ask support`, detail: { logid } },
    headers: { "X-Tt-Logid": logid },
  });
  return Object.assign(effect, { code: Number(code) });
}

/** What a gateway says in place of Coze. */
function page(status: number): Effect {
  return (logid) => ({
    kind: "reply",
    status,
    body: `<html><head><title>${status}</title></head><body><center><h1>${status} nginx</h1></center></body></html>`,
    headers: { "X-Tt-Logid": logid },
  });
}

function emptyStream(logid: string): FaultEffect {
  const headers = { "X-Tt-Logid": logid, "Content-Type": "text/event-stream" };
  return { kind: "reply", status: 200, body: "", headers };
}

function cuts(): CozeFault[] {
  const failure = "ERR_COZE_INTERRUPTED";
  const ways = (["end", "reset"] as const).flatMap((how) => [true, false].map((midLine) => ({ how, midLine })));
  return ways.flatMap(({ how, midLine }) => {
    const title = `cut off by ${how === "end" ? "its end" : "a reset"}${midLine ? " within a line" : ""}`;
    const step = cut(how, { midLine });
    return [
      { title: `${title}, before any text`, script: [step], reads: en.failedInterrupted, failure },
      {
        title: `${title}, after some text`,
        script: [...say(kept), step, ...say(rest)],
        reads: `${kept}${rest}`,
      },
    ] as const;
  });
}

function failedRuns(): CozeFault[] {
  const ends = [
    { title: "failed, told in a chat object", step: fail(5000, "event interval error"), code: 5000 },
    { title: "failed, told by a bare number", step: fail(4028, "free quota", "number"), code: 4028, quota: true },
    { title: "failed, told by a string", step: fail(720_701_002, "节点执行失败", "string"), code: 720_701_002 },
    { title: "an error event with words", step: errorEvent(4011, "balance is not enough"), code: 4011, quota: true },
    { title: "an error event without a word", step: errorEvent(), code: 0 },
  ];
  return ends.flatMap(({ title, step, code, quota }) => {
    const failure = quota ? "ERR_COZE_QUOTA" : "ERR_COZE_SERVICE";
    const sentence = quota ? en.failedQuota : en.failedService;
    return [
      { title: `${title}, before any text`, script: [step], reads: sentence, failure, code },
      { title: `${title}, after some text`, script: [...say(kept), step], reads: broken(sentence), failure, code },
    ] as const;
  });
}
