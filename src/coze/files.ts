import { z } from "zod";
import type { CozeAgent, UploadFile } from "./agent.ts";
import type { Connection } from "./connection.ts";
import { CozeError } from "./errors.ts";
import { fileForm } from "./file-form.ts";
import type { JsonCall } from "./json-call.ts";

const Uploaded = z.object({ id: z.string().min(1) });
const Transcribed = z.object({ text: z.string() });

/** What is done with a file on its own (Coze docs upload_files, audio_transcriptions). */
export function createFileCalls(connection: Connection, call: JsonCall): Pick<CozeAgent, "upload" | "transcribe"> {
  async function sendFile<T>(to: Destination<T>, sessionName: string, file: UploadFile, signal: AbortSignal) {
    const endpoint = `POST ${to.path}`;
    const content = fileForm(file, endpoint, connection);
    const { data } = await call({ method: "POST", path: to.path, content }, sessionName, signal);
    const answer = to.answer.safeParse(data);
    if (answer.success) return answer.data;
    throw new CozeError("The answer does not hold what was asked for.", { kind: "service", endpoint });
  }

  return {
    upload: async (...file) => (await sendFile({ path: "/v1/files/upload", answer: Uploaded }, ...file)).id,
    transcribe: async (...file) =>
      (await sendFile({ path: "/v1/audio/transcriptions", answer: Transcribed }, ...file)).text,
  };
}

interface Destination<T> {
  readonly path: string;
  readonly answer: z.ZodType<T>;
}
