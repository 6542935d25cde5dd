import { type Fields, isFields } from "./api.ts";
import type { AskedFile } from "./brain.ts";
import { type IncomingMessage, itemsOf } from "./messages.ts";
import { invalidParameter } from "./refusal.ts";
import type { Service } from "./service.ts";
import type { Identity } from "./tokens.ts";

/** A file as a message or an input of a flow names it. */
interface NamedFile {
  readonly kind: string;
  readonly id?: string;
  readonly url?: string;
}

/** Refuses messages with a file that the caller did not upload. */
export function checkFiles(
  service: Service,
  messages: readonly Pick<IncomingMessage, "content" | "contentType">[],
  caller: Identity,
): void {
  check(service, messages.flatMap(namedInMessage), caller);
}

/** Refuses inputs of a flow with a file that the caller did not upload. */
export function checkParameterFiles(service: Service, parameters: Fields, caller: Identity): void {
  check(service, namedInParameters(parameters), caller);
}

export function filesOfMessages(service: Service, messages: readonly IncomingMessage[]): readonly AskedFile[] {
  return messages.flatMap(namedInMessage).map((file) => asked(service, file));
}

export function filesOfParameters(service: Service, parameters: Fields): readonly AskedFile[] {
  return namedInParameters(parameters).map((file) => asked(service, file));
}

function check({ files }: Service, named: readonly NamedFile[], caller: Identity): void {
  for (const { id } of named) {
    if (id !== undefined && !files.find(caller, id)) {
      throw invalidParameter(`file_id ${id} does not exist or was not uploaded by this account`);
    }
  }
}

function asked({ files }: Service, { kind, id, url = "" }: NamedFile): AskedFile {
  const stored = files.all().find((file) => file.id === id);
  return { kind, name: stored?.name ?? url, bytes: stored?.bytes ?? new Uint8Array() };
}

function namedInMessage(message: Pick<IncomingMessage, "content" | "contentType">): readonly NamedFile[] {
  return itemsOf(message).flatMap((item) => (item.type === "text" ? [] : [named(String(item.type), item)]));
}

/** An input takes a file as an object in JSON, and several as an array of such (Coze docs workflow_chat). */
function namedInParameters(parameters: Fields): readonly NamedFile[] {
  return Object.entries(parameters).flatMap(([kind, value]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.map(parseObject).flatMap((item) => (item?.file_id ? [named(kind, item)] : []));
  });
}

function named(kind: string, { file_id, file_url }: Fields): NamedFile {
  return file_id ? { kind, id: String(file_id) } : { kind, url: String(file_url) };
}

function parseObject(value: unknown): Fields | undefined {
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : undefined;
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
