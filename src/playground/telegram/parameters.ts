import { badRequest } from "./refusal.ts";

/** A file part of a multipart request. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The parameters of a call, wherever they came from: query string, form or JSON body. As on the real server every
 * value may be text, numbers out of range are clamped, and unreadable ones are 0.
 */
export class Parameters {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly #files: ReadonlyMap<string, UploadedFile>;

  constructor(raw: Readonly<Record<string, unknown>> = {}, files: ReadonlyMap<string, UploadedFile> = new Map()) {
    this.raw = raw;
    this.#files = files;
  }

  /** The same with some more. */
  with(more: Readonly<Record<string, unknown>>): Parameters {
    return new Parameters({ ...this.raw, ...more }, this.#files);
  }

  /** Empty when the parameter is absent. */
  text(name: string): string {
    const value = this.raw[name];
    if (value === undefined || value === null) return "";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  }

  integer(
    name: string,
    range: { readonly fallback?: number; readonly min?: number; readonly max?: number } = {},
  ): number {
    const text = this.text(name);
    if (text === "") return range.fallback ?? 0;
    const value = Number.parseInt(text, 10) || 0;
    return Math.min(Math.max(value, range.min ?? -Infinity), range.max ?? Infinity);
  }

  flag(name: string): boolean {
    return ["true", "yes", "1"].includes(this.text(name).toLowerCase());
  }

  /**
   * A structured value: JSON as text, or as it came in a JSON body. Absent, or unreadable and optional to read, it is
   * `undefined`; with `subject` an unreadable one is refused: `Can't parse <subject> JSON object`.
   */
  json(name: string, subject?: string): unknown {
    const value = this.raw[name];
    if (typeof value !== "string") return value ?? undefined;
    if (value === "") return undefined;
    try {
      return JSON.parse(value);
    } catch {
      if (subject !== undefined) throw badRequest(`Can't parse ${subject} JSON object`);
      return undefined;
    }
  }

  /** An uploaded file: the part of this name, or the one that `attach://<part>` points to. */
  file(name: string): UploadedFile | undefined {
    return this.attached(this.text(name)) ?? this.#files.get(name);
  }

  /** The file part that `attach://<part>` points to. */
  attached(reference: string): UploadedFile | undefined {
    return this.#files.get(/^attach:\/\/(.+)$/.exec(reference)?.[1] ?? "");
  }
}

/** The fields of one object inside a parameter; what is wrong with one is refused as `<subject>: …`. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #subject: string;

  constructor(value: unknown, subject: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw badRequest(`${subject}: expected an Object`);
    }
    this.#object = value as Record<string, unknown>;
    this.#subject = subject;
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined && this.#object[name] !== null;
  }

  integer(name: string): number {
    const value = Number(this.#required(name));
    if (!Number.isSafeInteger(value)) throw badRequest(`${this.#subject}: Field "${name}" must be a valid Number`);
    return value;
  }

  text(name: string): string {
    return this.#asText(name, this.#required(name));
  }

  optionalText(name: string): string {
    return this.has(name) ? this.#asText(name, this.#object[name]) : "";
  }

  flag(name: string): boolean {
    return this.#object[name] === true || this.#object[name] === "true";
  }

  value(name: string): unknown {
    return this.#required(name);
  }

  #required(name: string): unknown {
    if (!this.has(name)) throw badRequest(`${this.#subject}: Can't find field "${name}"`);
    return this.#object[name];
  }

  #asText(name: string, value: unknown): string {
    if (typeof value !== "string" && typeof value !== "number") {
      throw badRequest(`${this.#subject}: Field "${name}" must be of type String`);
    }
    return String(value);
  }
}
