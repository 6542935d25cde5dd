import type { Contestant } from "./contestant.ts";

/** Takes the deltas and does nothing with them: what the measuring itself costs. */
export const idle: Contestant = {
  async open() {
    return {
      async answer(_room, deltas) {
        const iterator = deltas[Symbol.asyncIterator]();
        let next = await iterator.next();
        while (!next.done) next = await iterator.next();
      },
      close: async () => undefined,
    };
  },
};
