import { pause } from "../../clock.ts";
import type { Chat, ChatStatus, RequiredAction } from "./chats.ts";
import { isRunning } from "./chats.ts";
import type { Message } from "./messages.ts";
import {
  type ClientTool,
  type FailureShape,
  type Script,
  type Step,
  type ToolResult,
  verboseContent,
} from "./script.ts";
import { nowSeconds, type Service } from "./service.ts";
import type { Channel } from "./stream.ts";
import { dataText, type Wire, type WireEvent } from "./wire.ts";

export interface RunParts {
  readonly service: Service;
  readonly wire: Wire;
  readonly chat: Chat;
  /** Told of every answer and intermediate message when it is complete. */
  readonly keep: (message: Message) => void;
}

interface OpenAnswer {
  readonly id: string;
  text: string;
  reasoning: string;
}

/** The run of one chat: plays a script into a channel, whether or not anybody listens. */
export class Run {
  readonly #parts: RunParts;
  readonly #stop: AbortSignal;
  #channel: Channel;
  /** What is left to do. */
  #steps: Script;
  #results: readonly ToolResult[] = [];
  #answer: OpenAnswer | undefined;
  #answersFinished = false;
  #hasOutcome = false;
  #isDone = false;

  constructor(parts: RunParts, script: Script, channel: Channel) {
    this.#parts = parts;
    this.#steps = script;
    this.#channel = channel;
    const { closing } = parts.service;
    const { signal } = parts.chat.cancellation;
    this.#stop = parts.wire.stopsOnCancel ? AbortSignal.any([closing, signal]) : closing;
  }

  /** To its end, or until client-side tools are wanted. */
  async play(): Promise<void> {
    await this.#sendChat("conversation.chat.created");
    if (isRunning(this.#parts.chat)) this.#parts.chat.status = "in_progress";
    await this.#sendChat("conversation.chat.in_progress");
    while (!this.#stop.aborted) {
      const [step, ...rest] = this.#steps;
      if (!step) break;
      this.#steps = rest;
      await this.#perform(step);
      this.#parts.service.changed();
      if (step.do === "need-tools") break;
    }
    if (this.#parts.service.closing.aborted) return;
    if (!this.#hasOutcome) await this.#finish();
    if (!this.#isDone && this.#parts.chat.status !== "failed") await this.#sendDone();
    this.#channel.end();
    this.#parts.service.changed();
  }

  /** The documented sample of a chat that goes on begins as one that is new (Coze docs chat_submit_tool_outputs). */
  async #goOn(results: readonly ToolResult[], channel: Channel): Promise<void> {
    const { chat } = this.#parts;
    this.#channel = channel;
    this.#results = results;
    this.#hasOutcome = false;
    this.#isDone = false;
    chat.status = "created";
    delete chat.requiredAction;
    delete chat.completedAt;
    await this.play();
  }

  async #perform(step: Step): Promise<void> {
    const { service } = this.#parts;
    const channel = this.#channel;
    switch (step.do) {
      case "delta":
        return this.#sendDelta(step.text, isLastDelta(this.#steps));
      case "reasoning":
        return this.#sendReasoning(step.text);
      case "complete":
        return this.#completeAnswer(step.text);
      case "message":
        return this.#sendMessage(step.type, step.content);
      case "follow-up":
        await this.#finishAnswers(false);
        return this.#sendMessage("follow_up", step.text);
      case "event":
        return channel.event(step.name, step.data);
      case "comment":
        return channel.comment(step.text);
      case "pause":
        return pause(service.clock, step.ms, this.#stop);
      case "gate":
        return settledOrAborted(step.opened, this.#stop);
      case "silence":
        return settledOrAborted(channel.left, AbortSignal.any([this.#stop, this.#parts.chat.cancellation.signal]));
      case "interrupt":
        return this.#interrupt(step.question, step.announced);
      case "need-tools":
        return this.#needTools(step.tools);
      case "use-results":
        this.#steps = [...step.script(this.#results), ...this.#steps];
        return;
      case "sound":
        return this.#sendSound(step.bytes);
      case "fail":
        return this.#fail(step.code, step.msg, step.shape);
      case "error":
        return this.#error(step.code, step.msg);
      case "finish":
        return this.#finish();
      case "done":
        return this.#sendDone();
      case "cut":
        return channel.cut(step.how, step.midLine ? this.#deltaEvent("…", true) : undefined);
    }
  }

  #openAnswer(): OpenAnswer {
    this.#answer ??= { id: this.#parts.service.newId(), text: "", reasoning: "" };
    return this.#answer;
  }

  async #sendDelta(text: string, isLast: boolean): Promise<void> {
    this.#openAnswer().text += text;
    const { name, data } = this.#deltaEvent(text, isLast);
    await this.#channel.event(name, data);
  }

  async #sendReasoning(text: string): Promise<void> {
    const answer = this.#openAnswer();
    answer.reasoning += text;
    const part = { ...this.#message("answer", "", answer.id), reasoning: text };
    await this.#send({ name: "conversation.message.delta", data: this.#parts.wire.delta(part, false) });
  }

  #deltaEvent(text: string, isLast: boolean): { name: string; data: string } {
    const part = this.#message("answer", text, this.#openAnswer().id);
    return { name: "conversation.message.delta", data: dataText(this.#parts.wire.delta(part, isLast)) };
  }

  async #completeAnswer(text?: string): Promise<void> {
    if (!this.#answer && text === undefined) return;
    const { id, reasoning, text: joined } = this.#openAnswer();
    this.#answer = undefined;
    const message = this.#message("answer", text ?? joined, id);
    await this.#complete(reasoning === "" ? message : { ...message, reasoning });
  }

  async #sendMessage(type: string, content: string): Promise<void> {
    await this.#complete(this.#message(type, content, this.#parts.service.newId()));
  }

  async #complete(message: Message): Promise<void> {
    this.#parts.keep(message);
    await this.#send({ name: "conversation.message.completed", data: this.#parts.wire.completed(message) });
  }

  async #finishAnswers(interrupted: boolean): Promise<void> {
    await this.#completeAnswer();
    if (this.#answersFinished) return;
    this.#answersFinished = true;
    if (!this.#parts.wire.marksAnswers) return;
    const data = this.#parts.wire.answerFinish(interrupted);
    await this.#sendMessage("verbose", verboseContent("generate_answer_finish", data));
  }

  async #interrupt(question: string | undefined, announced: boolean): Promise<void> {
    if (question !== undefined) await this.#sendDelta(question, true);
    await this.#completeAnswer();
    if (this.#parts.wire.marksAnswers) await this.#sendMessage("verbose", verboseContent("interrupt", ""));
    await this.#finishAnswers(true);
    const call = { id: "", type: "reply_message", function: null, require_info: null } as const;
    await this.#requireAction({ tool_calls: [call] }, announced);
  }

  async #needTools(tools: readonly ClientTool[]): Promise<void> {
    const calls = tools.map((tool) => ({
      id: this.#parts.service.newId(),
      type: "function" as const,
      function: { name: tool.name, arguments: JSON.stringify(tool.arguments) },
      require_info: null,
    }));
    await this.#completeAnswer();
    this.#parts.chat.goOn = (results, channel) => this.#goOn(results, channel);
    await this.#requireAction({ tool_calls: calls }, true);
  }

  async #requireAction(outputs: RequiredAction["submit_tool_outputs"], announced: boolean): Promise<void> {
    this.#parts.chat.requiredAction = { type: "submit_tool_outputs", submit_tool_outputs: outputs };
    this.#settle("requires_action");
    const event = announced ? this.#parts.wire.requiresAction(this.#parts.chat) : undefined;
    if (event) await this.#send(event);
  }

  async #sendSound(bytes: Uint8Array): Promise<void> {
    if (!this.#hasOutcome) await this.#finish();
    const content = Buffer.from(bytes).toString("base64");
    const part = { ...this.#message("answer", content, this.#parts.service.newId()), contentType: "audio" };
    await this.#send({ name: "conversation.audio.delta", data: this.#parts.wire.delta(part, false) });
  }

  async #fail(code: number, msg: string, shape: FailureShape): Promise<void> {
    this.#parts.chat.lastError = { code, msg };
    this.#settle("failed");
    await this.#send(this.#parts.wire.failed(this.#parts.chat, shape));
  }

  async #error(code: number | undefined, msg = ""): Promise<void> {
    this.#parts.chat.lastError = { code: code ?? 5000, msg };
    this.#settle("failed");
    await this.#send({ name: "error", data: code === undefined ? {} : { code, msg } });
  }

  async #finish(): Promise<void> {
    const { chat, wire } = this.#parts;
    if (!this.#stop.aborted) await this.#finishAnswers(false);
    this.#settle("completed");
    const isCanceled = chat.status === "canceled";
    await this.#send(isCanceled ? wire.canceled(chat) : { name: "conversation.chat.completed", data: wire.chat(chat) });
  }

  /** The run has its outcome. That of a cancelled chat stays as it is. */
  #settle(status: ChatStatus): void {
    const { chat, service } = this.#parts;
    this.#hasOutcome = true;
    if (!isRunning(chat)) return;
    chat.status = status;
    chat.completedAt = nowSeconds(service.clock);
    if (status === "failed") chat.failedAt = chat.completedAt;
    const answers = chat.messages.filter((message) => message.type === "answer");
    const output = answers.reduce((sum, { content }) => sum + [...content].length, 0);
    const input = chat.inputCount;
    chat.usage = { token_count: input + output, output_count: output, input_count: input };
  }

  async #sendDone(): Promise<void> {
    this.#isDone = true;
    if (!this.#hasOutcome) this.#settle("completed");
    await this.#send(this.#parts.wire.done(this.#parts.chat));
  }

  async #sendChat(name: string): Promise<void> {
    await this.#send({ name, data: this.#parts.wire.chat(this.#parts.chat) });
  }

  async #send(event: WireEvent): Promise<void> {
    await this.#channel.event(event.name, dataText(event.data));
  }

  #message(type: string, content: string, id: string): Message {
    const { chat, service } = this.#parts;
    return {
      id,
      conversationId: chat.conversationId,
      sectionId: chat.sectionId,
      chatId: chat.id,
      ...(chat.botId === undefined ? {} : { botId: chat.botId }),
      role: "assistant",
      type,
      content,
      contentType: "text",
      createdAt: nowSeconds(service.clock),
    };
  }
}

/** Whether the answer message is complete before more text comes. */
function isLastDelta(rest: Script): boolean {
  const next = rest.find((step) => step.do !== "pause" && step.do !== "gate" && step.do !== "comment");
  return next?.do !== "delta";
}

/** Waits for a promise, however it settles, as long as nothing aborts the wait. */
function settledOrAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      signal.removeEventListener("abort", finish);
      resolve();
    };
    signal.addEventListener("abort", finish, { once: true });
    promise.then(finish, finish);
  });
}
