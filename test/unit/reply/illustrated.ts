import { onTestFinished } from "vitest";
import { fetchMedia } from "../../../src/media/fetch-media.ts";
import type { ApiCall } from "../../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import { IllustratedReply, type IllustratedReplyOptions } from "../../../src/reply/illustrated-reply.ts";
import { Slots } from "../../../src/reply/slots.ts";
import type { TurnMessage } from "../../../src/store/store.ts";
import { read } from "../../support/reading.ts";
import { type HttpServer, startHttpServer } from "../coze/http-server.ts";
import { sample } from "../media/samples.ts";
import type { TestChat } from "./chat.ts";

/** A server of files, one of each type under any name. What is called `missing` is not there. */
export interface FileServer extends HttpServer {
  /** The address of a file. */
  link(name: string): string;
  /** Lets files whose names begin with `held` go. */
  release(): void;
}

export async function serveFiles(redirectTo?: string): Promise<FileServer> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await startHttpServer(async ({ path }, response) => {
    const [, name = "", extension = ""] = /^\/(.*)\.(\w+)$/.exec(path) ?? [];
    if (name.startsWith("held")) await released;
    if (name.startsWith("missing")) response.writeHead(404).end();
    else if (redirectTo !== undefined) response.writeHead(302, { Location: `${redirectTo}${path}` }).end();
    else response.end(Buffer.concat([sample(extension), Buffer.from(name)]));
  });
  onTestFinished(async () => {
    release();
    await server[Symbol.asyncDispose]();
  });
  return { ...server, requests: server.requests, link: (name) => `${server.base}/${name}`, release };
}

export interface TestAnswer {
  readonly reply: IllustratedReply;
  /** The newest record of every message, by part. */
  readonly records: () => readonly TurnMessage[];
  readonly failures: readonly unknown[];
  readonly mediaFailures: readonly unknown[];
  readonly shutdown: AbortController;
}

/** An answer whose files may come from this server, although it is not on the internet. */
export function answerIn(
  chat: TestChat,
  files: HttpServer,
  options: Partial<IllustratedReplyOptions> = {},
): TestAnswer {
  const { adapter, target, budgets, clock } = chat;
  const { sent = [] } = options;
  const records = new Map<number, TurnMessage>(sent.map((message) => [message.part, message]));
  const failures: unknown[] = [];
  const mediaFailures: unknown[] = [];
  const shutdown = new AbortController();
  onTestFinished(() => shutdown.abort(new Error("the test is over")));
  const allowPrivate = (_host: string, port: number) => port === Number(new URL(files.base).port);
  const reply = new IllustratedReply({
    ...{ adapter, target, budgets, clock, sent, slots: new Slots(4) },
    id: "abcdefghijkl",
    signal: shutdown.signal,
    record: async (message) => void records.set(message.part, message),
    known: async () => [...records.values()].flatMap(({ ref }) => ref ?? []),
    onFailure: (error) => failures.push(error),
    fetchMedia: (url, limits, signal) => fetchMedia(url, limits, signal, { allowPrivate }),
    onMediaFailure: (error) => mediaFailures.push(error),
    ...options,
  });
  const inOrder = () => [...records.values()].sort((a, b) => a.part - b.part);
  return { reply, records: inOrder, failures, mediaFailures, shutdown };
}

/** Shows a whole answer. */
export async function show(
  chat: TestChat,
  files: HttpServer,
  markdown: string,
  options: Partial<IllustratedReplyOptions> = {},
): Promise<TestAnswer> {
  const answer = answerIn(chat, files, options);
  answer.reply.write(markdown);
  await chat.clock.moveUntil(answer.reply.finish());
  return answer;
}

/** Texts as the person reads them and the names of files, from top to bottom; albums are what their files are. */
export function seen({ emulator, messages }: TestChat): string[] {
  return messages().flatMap((message) => [
    ...(message.text === "" ? [] : [read(emulator.name, message).text]),
    ...message.media.map(({ name }) => name),
  ]);
}

/** Calls that send files, albums as one. */
export function sends({ emulator }: TestChat): readonly ApiCall[] {
  return emulator.calls.filter(({ method, parameters }) => isSend[emulator.name](method, parameters));
}

/** Hits calls that send files with a fault. */
export function failSends(
  { emulator }: TestChat,
  effect: FaultEffect,
  rule: { readonly skip?: number; readonly times?: number } = {},
): void {
  const where = (parameters: ApiCall["parameters"]) => emulator.name === "telegram" || hasFiles(parameters);
  const method = emulator.name === "telegram" ? sendsFiles : "POST /channels/:id/messages";
  emulator.faults.add({ method, where, effect, ...rule });
}

const sendsFiles = /^send(?:Photo|Document|Audio|Video|Voice|MediaGroup)$/;

const isSend = {
  telegram: (method: string) => sendsFiles.test(method),
  discord: (method: string, parameters: ApiCall["parameters"]) =>
    method === "POST /channels/:id/messages" && hasFiles(parameters),
};

function hasFiles({ attachments }: ApiCall["parameters"]): boolean {
  return Array.isArray(attachments) && attachments.length > 0;
}
