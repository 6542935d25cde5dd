import type { CozeError } from "./errors.ts";

/** Told how the calls to Coze fare, one attempt at a time. */
export interface CallObserver {
  /** An attempt failed, perhaps to be repeated, or a run that had begun did. */
  failed(error: CozeError): void;
  /** A call was answered, or a stream began, as it should. */
  succeeded(): void;
}
