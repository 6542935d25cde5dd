import { closedGate } from "../support/gate.ts";
import { type ReceivedRequest, startHttpServer } from "../unit/coze/http-server.ts";

/** A tool of the operator's. */
export interface Tool {
  readonly url: string;
  /** The calls with this text in their arguments, oldest first. */
  callsAbout(text: string): readonly ReceivedRequest[];
  /** Resolves when there is such a call, or was. */
  calledAbout(text: string): Promise<void>;
  /** Lets no call be answered until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}

/** As agents call it. */
export const toolName = "sky";
export const toolOutput = "grey";

export async function startTool(): Promise<Tool> {
  let held: Promise<void> = Promise.resolve();
  const server = await startHttpServer(async (_, response) => {
    await held;
    response.end(toolOutput);
  });
  const callsAbout = (text: string) => server.requests.filter(({ body }) => JSON.stringify(body).includes(text));
  return {
    url: server.base,
    callsAbout,
    async calledAbout(text) {
      while (callsAbout(text).length === 0) await server.received(server.requests.length + 1);
    },
    hold() {
      const gate = closedGate();
      held = gate.opened;
      return gate.open;
    },
    close: async () => await server[Symbol.asyncDispose](),
  };
}
