import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server for requests that are not JSON. */
export interface FormServer extends AsyncDisposable {
  readonly base: string;
}

export async function startFormServer(
  serve: (incoming: IncomingMessage, response: ServerResponse) => unknown,
): Promise<FormServer> {
  const server = createServer(serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** The parts of a form, as Node's own parser reads them. */
export async function readForm(incoming: IncomingMessage): Promise<FormData> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = { "Content-Type": incoming.headers["content-type"] ?? "" };
  return new Response(Buffer.concat(chunks), { headers }).formData();
}
