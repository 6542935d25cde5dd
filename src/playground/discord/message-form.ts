import type { APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import { checkComponents } from "./components.ts";
import type { Upload, VoiceDetails } from "./files.ts";
import type { AllowedMentions, MentionKind } from "./mentions.ts";
import { FormErrors, refuse } from "./refusals.ts";
import type { RequestBody, UploadedFile } from "./request-body.ts";
import { isVoice, requireVoiceForm } from "./voice-messages.ts";

/** What the bot asks of a message; what it left out is undefined. */
export interface MessageForm {
  /** Without the white space around it, which Discord takes away. */
  readonly content: string | undefined;
  readonly embeds: readonly APIEmbed[] | undefined;
  readonly components: readonly APIMessageTopLevelComponent[] | undefined;
  /** Uploaded with this request. */
  readonly files: readonly FileForm[];
  /** The ids of earlier files that an edit keeps. */
  readonly kept: readonly string[] | undefined;
  readonly flags: number | undefined;
  readonly nonce: string | number | undefined;
  readonly enforceNonce: boolean;
  readonly allowedMentions: AllowedMentions | undefined;
  readonly reference: ReferenceForm | undefined;
}

export interface FileForm extends UploadedFile {
  /** What the request says of the file besides, if it does. */
  readonly voice: VoiceDetails | undefined;
}

export interface ReferenceForm {
  readonly messageId: string;
  readonly failIfNotExists: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Path = readonly string[];

const maxContent = 2_000;
const maxNonce = 25;
const maxFiles = 10;
/** Of each file (Discord docs, uploading files). */
const maxFileBytes = 10 * 1024 * 1024;
const mentionKinds: readonly MentionKind[] = ["users", "roles", "everyone"];

/** Reads and checks a message's fields; throws the refusal that names every wrong one. `path` is where they stand. */
export function readMessageForm(body: RequestBody, path: Path = []): MessageForm {
  const fields = path.reduce<Fields>((outer, step) => asFields(outer[step]), body.fields);
  const errors = new FormErrors();
  const content = readContent(fields.content, [...path, "content"], errors);
  const nonce = readNonce(fields.nonce, [...path, "nonce"], errors);
  const allowedMentions = readAllowedMentions(fields.allowed_mentions, [...path, "allowed_mentions"], errors);
  checkComponents(fields.components, [...path, "components"], errors);
  errors.throwIfAny();
  return {
    content,
    embeds: readList<APIEmbed>(fields.embeds),
    components: readList<APIMessageTopLevelComponent>(fields.components),
    files: readFiles(body.files, fields.attachments),
    kept: readList<AttachmentFields>(fields.attachments)?.map(({ id }) => String(id)),
    flags: typeof fields.flags === "number" ? fields.flags : undefined,
    nonce,
    enforceNonce: fields.enforce_nonce === true,
    allowedMentions,
    reference: readReference(fields.message_reference),
  };
}

/** Refuses a new message that would show nothing, and a voice message that is none. */
export function requireSendable(form: MessageForm): void {
  const shown = form.content || form.files.length > 0 || form.embeds?.length || form.components?.length;
  if (!shown) throw refuse("emptyMessage");
  if (isVoice(form)) requireVoiceForm(form);
}

/** The files of a form as they are stored. */
export function uploadsOf(form: MessageForm): readonly Upload[] {
  return form.files.map(({ name, type, bytes, voice }) => {
    const isSound = voice && type.startsWith("audio/");
    return { name, mimeType: type, bytes, ...(isSound ? { voice } : {}) };
  });
}

interface AttachmentFields {
  readonly id?: unknown;
  readonly duration_secs?: unknown;
  readonly waveform?: unknown;
}

/** Joins every file with what `attachments` says of it: the file `files[n]` has the id n there. */
function readFiles(files: readonly UploadedFile[], attachments: unknown): readonly FileForm[] {
  if (files.length > maxFiles) throw refuse("tooManyAttachments");
  if (files.some(({ bytes }) => bytes.length > maxFileBytes)) throw refuse("entityTooLarge");
  const described = readList<AttachmentFields>(attachments) ?? [];
  return files.map((file) => {
    const { duration_secs, waveform } = described.find(({ id }) => file.field === `files[${id}]`) ?? {};
    const hasDetails = typeof duration_secs === "number" && typeof waveform === "string";
    return { ...file, voice: hasDetails ? { durationSecs: duration_secs, waveform } : undefined };
  });
}

/** The limit counts code points. */
function readContent(value: unknown, path: Path, errors: FormErrors): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return "";
  if (typeof value !== "string") {
    errors.add(path, "STRING_TYPE_CONVERT", `Could not interpret "${JSON.stringify(value)}" as string.`);
    return undefined;
  }
  if ([...value].length > maxContent) {
    errors.add(path, "BASE_TYPE_MAX_LENGTH", `Must be ${maxContent} or fewer in length.`);
  }
  return value.trim();
}

function readNonce(value: unknown, path: Path, errors: FormErrors): string | number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  if (String(value).length > maxNonce) {
    errors.add(path, "BASE_TYPE_MAX_LENGTH", `Must be ${maxNonce} or fewer in length.`);
  }
  return value;
}

/** `parse` and a list of ids exclude each other; `replied_user` is false unless it is given. */
function readAllowedMentions(value: unknown, path: Path, errors: FormErrors): AllowedMentions | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = asFields(value);
  const parse = readList<unknown>(fields.parse) ?? [];
  for (const [index, kind] of parse.entries()) {
    if (mentionKinds.includes(kind as MentionKind)) continue;
    const message = "Value must be one of ('roles', 'users', 'everyone').";
    errors.add([...path, "parse", String(index)], "BASE_TYPE_CHOICES", message);
  }
  for (const kind of ["users", "roles"] as const) {
    if (!parse.includes(kind) || !readList(fields[kind])?.length) continue;
    const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
    errors.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
  }
  return {
    parse: mentionKinds.filter((kind) => parse.includes(kind)),
    users: (readList<unknown>(fields.users) ?? []).map(String),
    repliedUser: fields.replied_user === true,
  };
}

function readReference(value: unknown): ReferenceForm | undefined {
  const fields = asFields(value);
  if (fields.message_id === undefined) return undefined;
  return { messageId: String(fields.message_id), failIfNotExists: fields.fail_if_not_exists !== false };
}

function readList<T>(value: unknown): readonly T[] | undefined {
  return Array.isArray(value) ? (value as T[]) : undefined;
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
