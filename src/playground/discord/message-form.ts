import type { APIAttachment, APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import { checkComponents } from "./components.ts";
import type { AllowedMentions, MentionKind } from "./mentions.ts";
import { FormErrors, refuse } from "./refusals.ts";
import type { RequestBody, UploadedFile } from "./request-body.ts";

/** What the bot asks of a message; what it left out is undefined. */
export interface MessageForm {
  /** Without the white space around it, which Discord takes away. */
  readonly content: string | undefined;
  readonly embeds: readonly APIEmbed[] | undefined;
  readonly components: readonly APIMessageTopLevelComponent[] | undefined;
  /** Uploaded with this request. */
  readonly files: readonly UploadedFile[];
  readonly flags: number | undefined;
  readonly nonce: string | number | undefined;
  readonly enforceNonce: boolean;
  readonly allowedMentions: AllowedMentions | undefined;
  readonly reference: ReferenceForm | undefined;
}

export interface ReferenceForm {
  readonly messageId: string;
  readonly failIfNotExists: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Path = readonly string[];

const maxContent = 2_000;
const maxNonce = 25;
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
    files: body.files,
    flags: typeof fields.flags === "number" ? fields.flags : undefined,
    nonce,
    enforceNonce: fields.enforce_nonce === true,
    allowedMentions,
    reference: readReference(fields.message_reference),
  };
}

/** Refuses a new message that would show nothing. */
export function requireSomething(form: MessageForm): void {
  const shown = form.content || form.files.length > 0 || form.embeds?.length || form.components?.length;
  if (!shown) throw refuse("emptyMessage");
}

export function attachmentsOf(form: MessageForm, channelId: string, nextId: () => string): readonly APIAttachment[] {
  return form.files.map((file) => {
    const id = nextId();
    const place = `attachments/${channelId}/${id}/${encodeURIComponent(file.name)}`;
    return {
      id,
      filename: file.name,
      size: file.size,
      content_type: file.type,
      url: `https://cdn.discordapp.com/${place}`,
      proxy_url: `https://media.discordapp.net/${place}`,
    };
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
