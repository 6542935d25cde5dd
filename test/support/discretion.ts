import { afterAll } from "vitest";
import { allOutput } from "./bridge-process.ts";
import { secretIn } from "./secret-shapes.ts";

/** For `setupFiles` of vitest: no bridge that a test file started may have printed a secret. */
afterAll(() => {
  for (const output of allOutput) {
    const secret = secretIn(output);
    if (secret) throw new Error(`a bridge printed ${secret}`);
  }
});
