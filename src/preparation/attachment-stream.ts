import type { Adapter, Attachment } from "../adapter.ts";
import type { UploadFile } from "../coze/agent.ts";
import { PlatformError } from "../errors.ts";
import { AttachmentError } from "./attachment-error.ts";

/** Where the bytes of an attachment come from, and how many there may be. */
export interface AttachmentSource {
  readonly adapter: Pick<Adapter, "fetchAttachment">;
  readonly attachment: Attachment;
  readonly limitBytes: number;
}

/**
 * Opens an attachment as a stream that ends with an `AttachmentError` where the platform fails, or gives more or fewer
 * bytes than it told or than are allowed. Holds one piece of the file at a time.
 */
export function opener({ adapter, attachment, limitBytes }: AttachmentSource): UploadFile["open"] {
  const { size } = attachment;
  return async (signal) => {
    try {
      const source = await adapter.fetchAttachment(attachment, signal);
      return checked(source, { size, limitBytes });
    } catch (error) {
      throw error instanceof PlatformError ? refusalOf(error) : error;
    }
  };
}

function refusalOf(cause: PlatformError): AttachmentError {
  const code = cause.code === "too-long" ? "too-large" : "unavailable";
  return new AttachmentError(code, "The platform did not give the attachment.", { cause });
}

function checked(
  source: ReadableStream<Uint8Array>,
  { size, limitBytes }: { readonly size: number | undefined; readonly limitBytes: number },
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let received = 0;
  const next = () =>
    reader.read().catch((cause: unknown) => {
      throw new AttachmentError("unavailable", "The attachment broke off.", { cause });
    });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await next();
        received += value?.length ?? 0;
        if (received > (size ?? limitBytes)) {
          void reader.cancel().catch(() => undefined);
          const code = received > limitBytes ? "too-large" : "unavailable";
          throw new AttachmentError(code, `The attachment has more than ${size ?? limitBytes} bytes.`);
        }
        if (!done) return controller.enqueue(value);
        if (size !== undefined && received < size)
          throw new AttachmentError("unavailable", `The attachment ended after ${received} bytes.`);
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}
