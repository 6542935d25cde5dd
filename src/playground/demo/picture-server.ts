import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { lights, teapotIn } from "./teapot.ts";

/** Where the pictures are that the agent links. */
export interface PictureServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1, on any free port when `port` is 0. */
export async function startPictureServer(port: number): Promise<PictureServer> {
  const pictures = lights.map(teapotIn);
  const server = createServer((request, response) => {
    const picture = pictures.find(({ name }) => request.url === `/${name}`);
    if (!picture) return response.writeHead(404).end();
    const { mimeType, bytes } = picture;
    return response.writeHead(200, { "Content-Type": mimeType, "Content-Length": bytes.length }).end(bytes);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
