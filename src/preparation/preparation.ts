import type { Adapter, Attachment } from "../adapter.ts";
import { earlierTurnOf } from "../ask-again.ts";
import type { Clock } from "../clock.ts";
import type { CozeAgent, QuestionFile, UploadFile } from "../coze/agent.ts";
import { CozeError } from "../coze/errors.ts";
import type { FileParameters } from "../coze/question-messages.ts";
import type { PreparedQuestion, Store, Turn } from "../store/store.ts";
import { AttachmentError } from "./attachment-error.ts";
import { type AttachmentSource, opener } from "./attachment-stream.ts";
import { type FileType, fileTypeOf } from "./file-type.ts";
import { inParallel } from "./in-parallel.ts";
import { quotation } from "./quotation.ts";
import { MEGABYTE } from "./size-limit.ts";
import { type TransferLogger, transfer } from "./transfer.ts";

export interface PreparationParts {
  readonly agent: Pick<CozeAgent, "upload" | "transcribe">;
  readonly store: Pick<Store, "conversation" | "latestFiles" | "turn">;
  /** The inputs of a chatflow that take files; none with an agent. */
  readonly fileParameters: FileParameters;
  /** The largest attachment that is passed on. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly logger: TransferLogger;
}

/** What a question becomes before it is asked: its files go to Coze, its voice messages become text. */
export class Preparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /**
   * Throws an `AttachmentError` when an attachment can't be passed on, a `CozeError` when Coze fails, or the reason of
   * `signal`. What can be told of the attachments beforehand is checked before the first byte is fetched.
   *
   * What an agent, or a message of a flow, was given before is in the history on Coze and is not given again. The start
   * node gets nothing from the history: each of its inputs keeps what the conversation last brought of its kind, so that
   * "and now in black and white" means the picture from before.
   */
  async prepare(turn: Turn, adapter: Adapter, signal: AbortSignal): Promise<PreparedQuestion> {
    const known = await this.#preparedBefore(turn);
    if (known) return known;
    const { sessionName } = turn.conversation;
    const accepted = turn.attachments.map((attachment) => this.#accept(attachment, adapter));
    const read = (attachment: Accepted, given: AbortSignal) => this.#read(attachment, sessionName, given);
    const found = await inParallel(accepted, MOST_AT_ONCE, read, signal);
    const files = found.filter((one) => typeof one !== "string");
    const said = found.filter((one) => typeof one === "string");
    return {
      text: [turn.text, ...said].filter((part) => part.trim() !== "").join("\n\n"),
      files: [...files, ...(await this.#kept(turn, files))],
      notice: said.map(quotation).join(""),
    };
  }

  /** What is asked once more: its files are on Coze, and what was said in it stands in its text. */
  async #preparedBefore(turn: Turn): Promise<PreparedQuestion | undefined> {
    const earlier = earlierTurnOf(turn);
    const files = earlier === undefined ? undefined : (await this.#parts.store.turn(earlier))?.files;
    return files && { text: turn.text, files, notice: "" };
  }

  /** The largest size for a turn's attachments, in bytes: that of the first one that is said to be larger, else the least. */
  sizeLimit({ attachments }: Pick<Turn, "attachments">, adapter: Adapter): number {
    const limitOf = (attachment: Attachment) => this.#limitOf(attachment, adapter);
    const exceeding = attachments.find((attachment) => (attachment.size ?? 0) > limitOf(attachment));
    return exceeding ? limitOf(exceeding) : Math.min(this.#parts.maxBytes, ...attachments.map(limitOf));
  }

  #limitOf({ isVoice }: Attachment, { capabilities }: Adapter): number {
    const { maxDownloadBytes = Number.POSITIVE_INFINITY } = capabilities;
    return Math.min(this.#parts.maxBytes, maxDownloadBytes, isVoice ? LONGEST_RECORDING : Number.POSITIVE_INFINITY);
  }

  #accept(attachment: Attachment, adapter: Adapter): Accepted {
    const { size = 0 } = attachment;
    const limitBytes = this.#limitOf(attachment, adapter);
    if (size > limitBytes) throw new AttachmentError("too-large", `The attachment has ${size} of ${limitBytes} bytes.`);
    const type = fileTypeOf(attachment);
    if (!type) throw new AttachmentError("type", "Coze takes no files of the attachment's type.");
    return { type, adapter, attachment, limitBytes };
  }

  /** A file of the question, or what is said in it. */
  async #read(accepted: Accepted, sessionName: string, signal: AbortSignal): Promise<QuestionFile | string> {
    const { agent, clock, logger } = this.#parts;
    const { type, attachment } = accepted;
    const file = uploadOf(accepted);
    const sending = { clock, logger, signal };
    if (attachment.isVoice) return hear(() => transfer(() => agent.transcribe(sessionName, file, signal), sending));
    return { kind: type.kind, fileId: await transfer(() => agent.upload(sessionName, file, signal), sending) };
  }

  /** What the start node is given again, of the kinds that the question brings nothing of. */
  async #kept({ conversation }: Turn, brought: readonly QuestionFile[]): Promise<readonly QuestionFile[]> {
    const { store, fileParameters } = this.#parts;
    const isMissing = ({ kind }: QuestionFile) =>
      fileParameters[kind] !== undefined && !brought.some((file) => file.kind === kind);
    if (Object.keys(fileParameters).length === 0) return [];
    const conversationId = await store.conversation(conversation);
    return conversationId === undefined ? [] : (await store.latestFiles(conversationId)).filter(isMissing);
  }
}

/** An attachment that may be sent to Coze. */
interface Accepted extends AttachmentSource {
  readonly type: FileType;
}

/** Files of one question on their way at the same time. */
const MOST_AT_ONCE = 2;

/** In bytes (Coze docs audio_transcriptions). */
const LONGEST_RECORDING = 10 * MEGABYTE;

function uploadOf(accepted: Accepted): UploadFile {
  const { mimeType, size } = accepted.attachment;
  return {
    name: accepted.type.name,
    ...(mimeType !== undefined && { mimeType }),
    ...(size !== undefined && { size }),
    open: opener(accepted),
  };
}

async function hear(transcribe: () => Promise<string>): Promise<string> {
  const said = await transcribe().catch((cause: unknown) => {
    const isAbsent = cause instanceof CozeError && cause.kind === "agent-unavailable";
    throw isAbsent ? new AttachmentError("unheard", "Coze transcribes nothing here.", { cause }) : cause;
  });
  if (said.trim() === "") throw new AttachmentError("unheard", "Nothing was understood in the voice message.");
  return said.trim();
}
