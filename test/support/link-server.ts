import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of a request for a link. */
export type Serving = (response: ServerResponse) => unknown;

/** A web server on 127.0.0.1 with what answers link to, which keeps account of all that reaches it. */
export interface LinkServer {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  readonly port: number;
  /** A link that nobody has opened yet. It ends in `name`, and leads to these bytes or to what `serving` does. */
  link(name: string, serving: Uint8Array | Serving): string;
  /** How often a link was opened. */
  timesOpened(link: string): number;
  /** Resolves when a link is opened, or was. */
  opened(link: string): Promise<void>;
  /** The connections that were made so far. */
  readonly connections: number;
  /** What was asked for, oldest first: `127.0.0.1:80/cat.png`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startLinkServer(): Promise<LinkServer> {
  const links = new Links();
  const server = createServer((request, response) => links.answer(request, response));
  server.on("connection", () => {
    links.connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  links.port = (server.address() as AddressInfo).port;
  links.close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return links;
}

export const hanging: Serving = () => undefined;

export function refusing(status: number): Serving {
  return (response) =>
    response.writeHead(status, { "Content-Type": "text/plain" }).end("stack trace: secret-of-server");
}

export function leadingTo(location: string): Serving {
  return (response) => response.writeHead(302, { Location: location }).end();
}

export function afterGate(opened: Promise<void>, bytes: Uint8Array): Serving {
  return async (response) => {
    await opened;
    response.end(bytes);
  };
}

class Links implements LinkServer {
  readonly requests: string[] = [];
  connections = 0;
  port = 0;
  close: () => Promise<void> = async () => undefined;
  readonly #servings = new Map<string, Uint8Array | Serving>();
  readonly #opened = new Map<string, number>();
  #listeners: (() => void)[] = [];

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  link(name: string, serving: Uint8Array | Serving): string {
    const path = `/${this.#servings.size + 1}/${name}`;
    this.#servings.set(path, serving);
    return `http://${this.host}${path}`;
  }

  timesOpened(link: string): number {
    return this.#opened.get(new URL(link).pathname) ?? 0;
  }

  opened(link: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.timesOpened(link) > 0) resolve();
        else this.#listeners.push(look);
      };
      look();
    });
  }

  answer({ url = "/", headers }: IncomingMessage, response: ServerResponse): void {
    const path = new URL(url, "http://server").pathname;
    this.requests.push(`${headers.host}${path}`);
    this.#opened.set(path, (this.#opened.get(path) ?? 0) + 1);
    const serving = this.#servings.get(path);
    if (serving === undefined) response.writeHead(404).end();
    else if (serving instanceof Uint8Array) response.end(serving);
    else serving(response);
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
