import type { Adapter, Attachment } from "../adapter.ts";
import { earlierTurnOf } from "../buttons/ask-again.ts";
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
import { isTextFile, readText } from "./text-file.ts";
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
    const { store } = this.#parts;
    const { files: before = [], attachments } = await this.#leftToPrepare(turn);
    const found = await this.#readAll({ ...turn, attachments }, adapter, signal);
    const files = [...before, ...found.flatMap(({ file }) => file ?? [])];
    const words = found.flatMap((one) => one.words ?? []);
    // The person may have changed it meanwhile.
    const { text } = (await store.turn(turn.id)) ?? turn;
    return {
      text: [text, ...words].filter((part) => part.trim() !== "").join("\n\n"),
      files: [...files, ...(await this.#kept(turn, files))],
      notice: found.flatMap(({ words: said, isHeard }) => (said && isHeard ? quotation(said) : [])).join(""),
    };
  }

  /** Of what is asked once more the files are on Coze, and what was said or written in it stands in its text. */
  async #leftToPrepare({ attachments, ...turn }: Turn): Promise<Pick<Turn, "files" | "attachments">> {
    const earlier = earlierTurnOf(turn);
    const files = earlier === undefined ? undefined : (await this.#parts.store.turn(earlier))?.files;
    if (!files) return { attachments };
    const isFile = (attachment: Attachment) => !attachment.isVoice && fileTypeOf(attachment) !== undefined;
    return { files, attachments: files.length > 0 ? [] : attachments.filter(isFile) };
  }

  /** What can't be had of a message that is only replied to is left out, unless the question is nothing without it. */
  async #readAll({ attachments, text, conversation }: Turn, adapter: Adapter, signal: AbortSignal): Promise<Found[]> {
    const problems: AttachmentError[] = [];
    const leaveOut = ({ isQuoted }: Attachment, error: unknown): undefined => {
      if (!isQuoted || !(error instanceof AttachmentError)) throw error;
      problems.push(error);
    };
    const accept = (attachment: Attachment) => {
      try {
        return this.#accept(attachment, adapter);
      } catch (error) {
        return leaveOut(attachment, error);
      }
    };
    const read = (one: Accepted, given: AbortSignal) =>
      this.#read(one, conversation.sessionName, given).catch((error: unknown) => leaveOut(one.attachment, error));
    const accepted = attachments.map(accept).filter((one) => one !== undefined);
    const found = (await inParallel(accepted, MOST_AT_ONCE, read, signal)).filter((one) => one !== undefined);
    const [problem] = problems;
    if (problem && found.length === 0 && text.trim() === "") throw problem;
    return found;
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
    if (type) return { type, adapter, attachment, limitBytes };
    if (isTextFile(attachment)) return { adapter, attachment, limitBytes };
    throw new AttachmentError("type", "Coze takes no files of the attachment's type.");
  }

  async #read(accepted: Accepted, sessionName: string, signal: AbortSignal): Promise<Found> {
    const { agent, clock, logger } = this.#parts;
    const { type, attachment } = accepted;
    const sending = { clock, logger, signal };
    if (!type) return { words: await transfer(async () => readText(await opener(accepted)(signal)), sending) };
    const file = uploadOf(accepted, type);
    if (attachment.isVoice) {
      const transcribe = () => agent.transcribe(sessionName, file, signal);
      return { words: await hear(() => transfer(transcribe, sending)), isHeard: true };
    }
    const fileId = await transfer(() => agent.upload(sessionName, file, signal), sending);
    return { file: { kind: type.kind, fileId, uploadedAt: clock.now() } };
  }

  /** What the start node is given again, of the kinds that the question brings nothing of. */
  async #kept({ conversation }: Turn, brought: readonly QuestionFile[]): Promise<readonly QuestionFile[]> {
    const { store, fileParameters, clock } = this.#parts;
    const isThere = ({ uploadedAt = 0 }: QuestionFile) => clock.now() - uploadedAt < KEPT_BY_COZE_MS;
    const isMissing = ({ kind }: QuestionFile) =>
      fileParameters[kind] !== undefined && !brought.some((file) => file.kind === kind);
    if (Object.keys(fileParameters).length === 0) return [];
    const conversationId = await store.conversation(conversation);
    return conversationId === undefined
      ? []
      : (await store.latestFiles(conversationId)).filter((file) => isMissing(file) && isThere(file));
  }
}

/** An attachment that may be passed on: as a file where it has a type, else as words. */
interface Accepted extends AttachmentSource {
  readonly type?: FileType;
}

/** What an attachment is for a question. */
interface Found {
  readonly file?: QuestionFile;
  readonly words?: string;
  /** True for what was said in a voice message. */
  readonly isHeard?: boolean;
}

/** Files of one question on their way at the same time. */
const MOST_AT_ONCE = 2;

/** In bytes (Coze docs audio_transcriptions). */
const LONGEST_RECORDING = 10 * MEGABYTE;

/** Coze keeps files for three months (docs upload_files). */
const KEPT_BY_COZE_MS = 85 * 86_400_000;

function uploadOf(accepted: Accepted, { name }: FileType): UploadFile {
  const { mimeType, size } = accepted.attachment;
  return {
    name,
    ...(mimeType !== undefined && { mimeType }),
    ...(size !== undefined && { size }),
    open: opener(accepted),
  };
}

async function hear(transcribe: () => Promise<string>): Promise<string> {
  const said = await transcribe().catch((cause: unknown) => {
    const isAbsent = cause instanceof CozeError && cause.kind === "agent-unavailable";
    throw isAbsent ? new AttachmentError("deaf", "Coze transcribes nothing here.", { cause }) : cause;
  });
  if (said.trim() === "") throw new AttachmentError("unheard", "Nothing was understood in the voice message.");
  return said.trim();
}
