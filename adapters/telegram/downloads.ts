import type { Adapter } from "../../src/adapter.ts";
import { PlatformError } from "../../src/errors.ts";
import { fileAddress } from "./address.ts";
import type { BotApi, GrammySignal } from "./api.ts";

export interface Downloads extends Pick<Adapter, "fetchAttachment"> {
  /** The largest file that can be fetched, in bytes; infinite as long as the server is not known to have a limit. */
  readonly maxBytes: number;
}

/** What getFile prepares at most (Bot API 10.3); a Bot API server of one's own has no such limit. */
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;

/**
 * The files that people sent. Another address than Telegram's own may be a server without the limit or a way to
 * Telegram's: which one it is shows when it refuses a file.
 */
export function createDownloads({ api, download }: BotApi, apiBase: string | undefined): Downloads {
  let isLimited = apiBase === undefined || new URL(apiBase).host === "api.telegram.org";

  return {
    get maxBytes() {
      return isLimited ? MAX_DOWNLOAD_BYTES : Number.POSITIVE_INFINITY;
    },

    async fetchAttachment(attachment, signal) {
      const { file_path } = await api
        .getFile(fileAddress(attachment).fileId, signal as GrammySignal)
        .catch((error: unknown) => {
          isLimited ||= error instanceof PlatformError && error.code === "too-long";
          throw error;
        });
      if (file_path !== undefined) return download(file_path, signal);
      throw new PlatformError("not-found", "Telegram names no path for the file", {
        platform: "telegram",
        method: "getFile",
      });
    },
  };
}
