import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { type AttachmentServers, openAttachment } from "../../../../adapters/discord/attachments.ts";
import type { Attachment } from "../../../../src/adapter.ts";
import { PlatformError } from "../../../../src/errors.ts";
import { createManualClock } from "../../../support/manual-clock.ts";

const never = new AbortController().signal;
const clock = createManualClock();

function servers(apiBase: string): AttachmentServers {
  return { apiBase, clock };
}

function attachment(url: string): Attachment {
  return { kind: "file", name: "a", address: { url } };
}

/** A server that answers by the path: `/404` with 404, `/away` with a way elsewhere, `/hang` never, `/endless` with a beginning. */
async function fileServer(): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/hang") return;
    if (path === "/endless") return void response.write("bytes");
    const status = Number(path.slice(1)) || (path === "/away" ? 302 : 200);
    response.writeHead(status, path === "/away" ? { Location: "/file" } : {}).end("bytes");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("streams a file of the configured server", async () => {
  const origin = await fileServer();
  const stream = await openAttachment(attachment(`${origin}/file`), servers(`${origin}/api`), never);
  expect(await new Response(stream).text()).toBe("bytes");
});

it.each([
  ["/404", "not-found"],
  ["/403", "not-found"],
  ["/500", "network"],
  ["/away", "network"],
])("fails at %s as %s", async (path, code) => {
  const origin = await fileServer();
  const opening = openAttachment(attachment(origin + path), servers(origin), never);
  await expect(opening).rejects.toBeInstanceOf(PlatformError);
  await expect(opening).rejects.toMatchObject({ code, platform: "discord" });
});

it("ends with its signal", async () => {
  const origin = await fileServer();
  const controller = new AbortController();
  const opening = openAttachment(attachment(`${origin}/hang`), servers(origin), controller.signal);
  controller.abort(new Error("enough"));
  await expect(opening).rejects.toThrow("enough");
});

it("waits for an answer for a while only", async () => {
  const origin = await fileServer();
  const opening = openAttachment(attachment(`${origin}/hang`), servers(origin), never);
  const failure = opening.catch((error: unknown) => error);
  await clock.advance(30_000);
  expect(await failure).toMatchObject({ code: "network" });
});

it("ends with its signal also when bytes have come, and then has no time limit", async () => {
  const origin = await fileServer();
  const controller = new AbortController();
  const stream = await openAttachment(attachment(`${origin}/endless`), servers(origin), controller.signal);
  await clock.advance(60_000);
  const reader = stream.getReader();
  expect((await reader.read()).value).toBeDefined();
  const next = reader.read();
  controller.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
  expect(clock.pending).toBe(0);
});

it.each([
  "https://example.com/attachments/1/2/a.png",
  "https://cdn.discordapp.com.example.com/a.png",
  "http://cdn.discordapp.com/a.png",
  "http://127.0.0.1:1/a.png",
  "file:///etc/passwd",
  "nothing",
])("does not open %s", async (url) => {
  await expect(openAttachment(attachment(url), servers("https://discord.com/api"), never)).rejects.toMatchObject({
    code: "forbidden",
  });
});
