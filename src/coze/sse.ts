import { createParser } from "eventsource-parser";
import { type BodyReading, readChunks } from "./body-chunks.ts";

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
}

/** Far above the longest answer that a model gives, far below what would harm the process. */
export const LONGEST_EVENT = 4 * 1024 * 1024;

/**
 * The events of a `text/event-stream` body (WHATWG HTML, section 9.2), as lenient as the standard: any line ends, an
 * optional space after the colon, comments, cuts anywhere. An event that the end of the body leaves unfinished is
 * dropped. Throws as {@link readChunks} does, and an `Error` when an event is longer than {@link LONGEST_EVENT} characters.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  reading: BodyReading,
): AsyncGenerator<ServerSentEvent, void> {
  const arrived: ServerSentEvent[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ event = "message", data, id }) => {
      arrived.push(id === undefined ? { event, data } : { event, data, id });
    },
    onError: ({ type }) => {
      tooLong ||= type === "max-buffer-size-exceeded";
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of readChunks(body, reading)) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
    if (tooLong) throw new Error(`An event is longer than ${LONGEST_EVENT} characters.`);
  }
}
