import { authorized, type Endpoint, type ReceivedFile, type Reply, requiredText, success } from "./api.ts";
import {
  fileTooBig,
  invalidFileType,
  invalidParameter,
  noFile,
  severalFiles,
  unauthorized,
  unknownFile,
} from "./refusal.ts";
import { nowSeconds, type Service } from "./service.ts";
import { type Identity, isSameIdentity } from "./tokens.ts";

/** A file that was uploaded. */
export interface StoredFile {
  readonly id: string;
  readonly owner: Identity;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The uploaded files, each usable by whoever uploaded it alone. */
export class Files {
  readonly #byId = new Map<string, StoredFile>();

  all(): readonly StoredFile[] {
    return [...this.#byId.values()];
  }

  add(file: StoredFile): void {
    this.#byId.set(file.id, file);
  }

  find(owner: Identity, id: string): StoredFile | undefined {
    const file = this.#byId.get(id);
    return file && isSameIdentity(file.owner, owner) ? file : undefined;
  }
}

/** Coze docs upload_files. */
const LARGEST_FILE = 512 * 1024 * 1024;
const FILE_TYPES = new Set(
  (
    "doc docx xls xlsx ppt pptx pdf numbers csv cpp py java c jpg jpg2 jpeg png gif webp heic heif bmp pcd tiff " +
    "wav mp3 flac m4a aac ogg wma midi mp4 avi mov 3gp 3gpp flv webm wmv rmvb m4v mkv rar zip 7z gz gzip bz2"
  ).split(" "),
);

/** Files for questions (Coze docs upload_files, retrieve_files). coze-studio can't describe them afterwards. */
export function fileEndpoints(service: Service): readonly Endpoint[] {
  const refuse = () => unauthorized("access-token");
  const upload: Endpoint = {
    name: "POST /v1/files/upload",
    answer: authorized(refuse, ({ files }, identity) => store(service, theFile(files), identity)),
  };
  const retrieve: Endpoint = {
    name: "GET /v1/files/retrieve",
    answer: authorized(refuse, ({ query }, identity) => {
      const id = requiredText(query, "file_id");
      const file = service.files.find(identity, id);
      if (!file) throw unknownFile(id);
      return success(describe(file));
    }),
  };
  return service.dialect === "hosted" ? [upload, retrieve] : [upload];
}

/** The one file of a form. */
export function theFile(files: readonly ReceivedFile[]): ReceivedFile {
  const [file, another] = files;
  if (another) throw severalFiles();
  if (!file) throw noFile();
  if (file.field !== "file") throw invalidParameter("the form has no part named file");
  if (file.bytes.length === 0) throw noFile();
  return file;
}

export function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

function store(service: Service, received: ReceivedFile, owner: Identity): Reply {
  const { name, mimeType, bytes } = received;
  if (bytes.length > LARGEST_FILE) throw fileTooBig();
  if (service.dialect === "hosted" && !FILE_TYPES.has(extensionOf(name))) throw invalidFileType(extensionOf(name));
  const file: StoredFile = {
    id: service.newId(),
    owner,
    name,
    mimeType,
    bytes,
    createdAt: nowSeconds(service.clock),
  };
  service.files.add(file);
  service.changed();
  const uri = `tos-cn-i-emulated/${file.id}`;
  return success(
    service.dialect === "hosted" ? describe(file) : { ...describe(file), uri, url: `https://localhost/${uri}` },
  );
}

function describe(file: StoredFile): Record<string, unknown> {
  return { id: file.id, bytes: file.bytes.length, file_name: file.name, created_at: file.createdAt };
}
