import type { Logger } from "pino";
import type { Conversations } from "../conversations/conversations.ts";
import type { CozeAgent, Question, QuestionContext, Run, ToolOutput } from "../coze/agent.ts";
import { CozeError } from "../coze/errors.ts";
import type { AnswerEvent } from "../coze/events.ts";
import { type Answer, accumulate, answerText, emptyAnswer } from "../reply/accumulate.ts";
import type { Store, Turn } from "../store/store.ts";
import type { Tools } from "../tools/tools.ts";

export interface InquiryServices {
  readonly agent: CozeAgent;
  readonly conversations: Conversations;
  readonly store: Store;
  readonly logger: Logger;
  /** What the agent is told besides the question. */
  readonly contextOf: (turn: Turn) => QuestionContext;
  /** Chat ids of runs that were found: two questions of the same words must not take the same one. */
  readonly foundRuns: Set<string>;
  readonly tools: Tools;
}

export type RunIds = Pick<Run, "chatId" | "conversationId">;

/** Told of what happens on Coze. What is awaited is stored before it is relied on. */
export interface InquiryListener {
  /** The question is about to be sent, into this conversation if there is one. */
  asking(conversationId: string | undefined): Promise<void>;
  /** The run exists: from now on the question is never sent again. */
  began(run: RunIds): Promise<void>;
  /** The answer has more text. */
  grew(): void;
  /** The stream is lost; the rest of the answer comes at once, when the run has ended. */
  lostStream(): void;
  /** Coze no longer has the earlier conversation, so the question goes into a new one. */
  lostMemory(): void;
  /** A tool is called, on Coze or here. */
  usesTool(name: string): void;
}

/** One question's way through Coze: sent once, and followed to its end where its stream is lost. */
export class Inquiry {
  readonly #turn: Turn;
  readonly #services: InquiryServices;
  readonly #listener: InquiryListener;
  #answer: Answer = emptyAnswer;
  #isAsked = false;
  /** Whether the question went into a conversation that was there before. */
  #hasMemory = false;

  constructor(turn: Turn, services: InquiryServices, listener: InquiryListener) {
    this.#turn = turn;
    this.#services = services;
    this.#listener = listener;
  }

  /** The answer as far as it is known. */
  get answer(): Answer {
    return this.#answer;
  }

  /**
   * Sends the question and sees the answer to its end. A conversation that Coze lost is replaced once. An answer that
   * still waits for tools then had more rounds of them than there may be.
   */
  async ask(signal: AbortSignal): Promise<void> {
    await this.#askOrStartOver(signal);
    await this.#useTools(signal);
  }

  /** Sees a question to its end that an earlier process has sent, or was sending. */
  async resume(signal: AbortSignal): Promise<void> {
    const run = this.#knownRun() ?? (await this.#findRun(signal));
    if (!run) return await this.ask(signal);
    this.#answer = { ...emptyAnswer, run: idsOf(run) };
    if (this.#turn.state === "asked") await this.#listener.began(idsOf(run));
    await this.#follow(run, signal);
    await this.#useTools(signal);
  }

  /** Ends the run on Coze, so that the conversation is free again. */
  async cancel(signal: AbortSignal): Promise<void> {
    const { agent, logger } = this.#services;
    const { outcome } = this.#answer;
    if (!this.#isAsked || (outcome && outcome !== "waiting-for-tools")) return;
    try {
      const run = this.#answer.run ? this.#runOf(this.#answer.run) : await this.#findRun(signal);
      if (run) await agent.cancel(run, signal);
    } catch (error) {
      if (!signal.aborted) logger.warn({ turn: this.#turn.id, err: error }, "could not cancel the run on Coze");
    }
  }

  async #askOrStartOver(signal: AbortSignal): Promise<void> {
    const { conversations, logger } = this.#services;
    try {
      await this.#askOnce(signal);
    } catch (error) {
      const isLost = error instanceof CozeError && error.kind === "conversation-lost" && !error.received;
      if (!isLost || !this.#hasMemory) throw error;
      logger.warn({ turn: this.#turn.id, err: error }, "conversation lost on Coze, starting a new one");
      const lost = await conversations.known(this.#turn.conversation);
      if (lost !== undefined) await conversations.drop(this.#turn.conversation, lost);
      this.#listener.lostMemory();
      await this.#askOnce(signal);
    }
  }

  async #askOnce(signal: AbortSignal, mayRepeat = true): Promise<void> {
    const { agent, conversations, logger } = this.#services;
    const conversationId = await conversations.find(this.#turn.conversation, signal);
    this.#hasMemory = conversationId !== undefined;
    await this.#listener.asking(conversationId);
    this.#isAsked = true;
    try {
      for await (const event of agent.ask(this.#question(conversationId), signal)) await this.#take(event);
    } catch (error) {
      const run = await this.#runAfter(error, signal);
      if (run) {
        logger.warn({ turn: this.#turn.id, chatId: run.chatId, err: error }, "stream lost, following the run");
        this.#listener.lostStream();
        return await this.#follow(run, signal);
      }
      if (!mayRepeat || !isUncertain(error)) throw error;
      logger.warn({ turn: this.#turn.id, err: error }, "the question did not reach Coze, asking again");
      await this.#askOnce(signal, false);
    }
  }

  /** The run that goes on although its stream is lost. */
  async #runAfter(error: unknown, signal: AbortSignal): Promise<Run | undefined> {
    const { run } = this.#answer;
    if (run) return isLostStream(error) ? this.#runOf(run) : undefined;
    if (!isUncertain(error)) return undefined;
    const found = await this.#findRun(signal).catch((unknown: unknown) => {
      if (!(unknown instanceof CozeError)) throw unknown;
      this.#services.logger.warn({ turn: this.#turn.id, err: unknown }, "the question may have reached Coze");
      throw error;
    });
    if (found) await this.#listener.began(idsOf(found));
    return found;
  }

  /** Gives the run what its calls of tools bring, round after round. One that comes to no end is cancelled. */
  async #useTools(signal: AbortSignal): Promise<void> {
    for (let round = 1; this.#answer.outcome === "waiting-for-tools"; round += 1) {
      const { run: ids, toolCalls } = this.#answer;
      if (!ids || round > MOST_TOOL_ROUNDS) return await this.cancel(signal);
      for (const { name } of toolCalls) this.#listener.usesTool(name);
      const outputs = await this.#services.tools.run(toolCalls, ids.chatId, signal);
      await this.#submit(this.#runOf(ids), outputs, signal);
    }
  }

  /**
   * Where it is not known whether outputs arrived, Coze is asked what became of the run. They are sent once more when it
   * still waits for them, and only then.
   */
  async #submit(run: Run, outputs: readonly ToolOutput[], signal: AbortSignal, mayRepeat = true): Promise<void> {
    const { agent, logger } = this.#services;
    try {
      for await (const event of agent.submitToolOutputs(run, outputs, signal)) await this.#take(event);
    } catch (error) {
      if (!(error instanceof CozeError) || (error.received && !isLostStream(error))) throw error;
      logger.warn({ turn: this.#turn.id, chatId: run.chatId, err: error }, "tool outputs got no whole answer");
      this.#listener.lostStream();
      await this.#follow(run, signal).catch((unknown: unknown) => {
        throw isLostStream(unknown) ? error : unknown;
      });
      if (error.received || !this.#waitsFor(outputs)) return;
      if (!mayRepeat || !error.uncertain) throw error;
      await this.#submit(run, outputs, signal, false);
    }
  }

  #waitsFor(outputs: readonly ToolOutput[]): boolean {
    const { outcome, toolCalls } = this.#answer;
    return outcome === "waiting-for-tools" && toolCalls.every(({ id }) => outputs.some(({ callId }) => callId === id));
  }

  /** The answer of a run that is followed is told anew and whole; until then what is known stays. */
  async #follow(run: Run, signal: AbortSignal): Promise<void> {
    this.#isAsked = true;
    const { logid, reasoning } = this.#answer;
    let whole: Answer = { ...emptyAnswer, run: idsOf(run), ...(logid !== undefined && { logid }) };
    for await (const event of this.#services.agent.follow(run, signal)) whole = accumulate(whole, event);
    const hasText = answerText(whole) !== "";
    if (whole.outcome === "completed" && !hasText) throw nothingKept();
    // Coze need not list what was thought.
    this.#answer = { ...whole, reasoning: whole.reasoning || reasoning };
    if (hasText) this.#listener.grew();
  }

  async #take(event: AnswerEvent): Promise<void> {
    this.#answer = accumulate(this.#answer, event);
    if (event.type === "created") await this.#listener.began(idsOf(event));
    if (event.type === "tool") this.#listener.usesTool(event.name);
    if (event.type === "delta" || event.type === "message" || event.type === "reasoning") this.#listener.grew();
  }

  #question(conversationId: string | undefined): Question {
    const { text, files = [], conversation } = this.#turn;
    return {
      sessionName: conversation.sessionName,
      text,
      files,
      context: this.#services.contextOf(this.#turn),
      ...(conversationId !== undefined && { conversationId }),
    };
  }

  #knownRun(): Run | undefined {
    const { chatId, conversationId } = this.#turn;
    return chatId === undefined || conversationId === undefined ? undefined : this.#runOf({ chatId, conversationId });
  }

  async #findRun(signal: AbortSignal): Promise<Run | undefined> {
    const { agent, conversations, store, foundRuns } = this.#services;
    const { conversation, updatedAt: askedAt } = this.#turn;
    const conversationId = await conversations.known(conversation);
    const isKnown = async (chatId: string) => foundRuns.has(chatId) || (await store.isChatKnown(chatId));
    const run = await agent.findRun({ ...this.#question(conversationId), askedAt, isKnown }, signal);
    if (!run || foundRuns.has(run.chatId)) return undefined;
    foundRuns.add(run.chatId);
    return run;
  }

  #runOf({ chatId, conversationId }: RunIds): Run {
    return { sessionName: this.#turn.conversation.sessionName, chatId, conversationId };
  }
}

/** More than a task needs; an agent that goes in circles would go on for ever. */
const MOST_TOOL_ROUNDS = 10;

/** What an answer tells of its run is logged: without whose it is. */
function idsOf({ chatId, conversationId }: RunIds): RunIds {
  return { chatId, conversationId };
}

/** Nobody knows whether the question has arrived. */
function isUncertain(error: unknown): boolean {
  return error instanceof CozeError && error.uncertain;
}

function isLostStream(error: unknown): boolean {
  return error instanceof CozeError && error.received && (error.kind === "interrupted" || error.kind === "network");
}

/** A run that was begun had something to say, mostly; that Coze lists none of it is no proof of an empty answer. */
function nothingKept(): CozeError {
  const details = { kind: "interrupted", received: true, endpoint: "message list" } as const;
  return new CozeError("Coze keeps no message of this run.", details);
}
