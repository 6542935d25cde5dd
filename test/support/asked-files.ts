import type { Person, Room, SayOptions, SentFile } from "../../src/playground/chat-platform.ts";
import type { CozeEmulator, StoredFile } from "../../src/playground/coze/index.ts";
import { type CozeQuestion, cozeQuestions } from "./coze-questions.ts";
import type { World } from "./world.ts";

/** A part of a question with files, as it goes to Coze. */
export type AskedItem =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image" | "file" | "audio"; readonly file_id: string };

/** Sends files, and resolves with the question that they became when it is answered. */
export async function askWith(
  world: World,
  { person, room }: { readonly person: Person; readonly room: Room },
  files: readonly SentFile[],
  options?: SayOptions,
): Promise<CozeQuestion> {
  const before = world.chat.botMessages(room).length;
  world.chat.sendFile(person, room, files, options);
  await world.chat.until("the answer", () => world.chat.botMessages(room).length > before);
  await world.ended(person);
  return lastQuestion(world, person);
}

export function lastQuestion(world: World, person: Person): CozeQuestion {
  const last = cozeQuestions(world.coze, world.sessionName(person)).at(-1);
  if (!last) throw new Error("Coze was not asked anything");
  return last;
}

/** The parts of a question that is one message with files. */
export function itemsOf({ request }: CozeQuestion): readonly AskedItem[] {
  const [message, ...others] = request.body.additional_messages as readonly Readonly<Record<string, string>>[];
  if (others.length > 0 || message?.content_type !== "object_string") throw new Error("no single message with files");
  return JSON.parse(message.content ?? "");
}

/** What a person uploaded to Coze, oldest first. */
export function uploadsOf(world: World, person: Person): readonly StoredFile[] {
  return world.coze.files.filter(({ owner }) => owner.sessionName === world.sessionName(person));
}

/** The requests that bring a person's files to Coze. */
export function uploadRequests(world: World, person: Person): CozeEmulator["requests"] {
  const own = world.coze.requests.filter(({ sessionName }) => sessionName === world.sessionName(person));
  return own.filter(({ path }) => path === "/v1/files/upload");
}

/** Whether two files are the same to the last byte. */
export function isSame(file: Pick<SentFile, "bytes"> | undefined, sent: Pick<SentFile, "bytes">): boolean {
  return file !== undefined && Buffer.from(file.bytes).equals(sent.bytes);
}
