import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openAttachment } from "../../../../adapters/discord/attachments.ts";
import type { Attachment } from "../../../../src/adapter.ts";
import { PlatformError } from "../../../../src/errors.ts";

const never = new AbortController().signal;

function attachment(url: string): Attachment {
  return { kind: "file", name: "a", address: { url } };
}

/** A server that answers by the path: `/404` with 404, `/away` with a way elsewhere, `/hang` never. */
async function fileServer(): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/hang") return;
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
  const stream = await openAttachment(attachment(`${origin}/file`), `${origin}/api`, never);
  expect(await new Response(stream).text()).toBe("bytes");
});

it.each([
  ["/404", "not-found"],
  ["/403", "not-found"],
  ["/500", "network"],
  ["/away", "network"],
])("fails at %s as %s", async (path, code) => {
  const origin = await fileServer();
  const opening = openAttachment(attachment(origin + path), origin, never);
  await expect(opening).rejects.toBeInstanceOf(PlatformError);
  await expect(opening).rejects.toMatchObject({ code, platform: "discord" });
});

it("ends with its signal", async () => {
  const origin = await fileServer();
  const controller = new AbortController();
  const opening = openAttachment(attachment(`${origin}/hang`), origin, controller.signal);
  controller.abort(new Error("enough"));
  await expect(opening).rejects.toThrow("enough");
});

it.each([
  "https://example.com/attachments/1/2/a.png",
  "https://cdn.discordapp.com.example.com/a.png",
  "http://cdn.discordapp.com/a.png",
  "http://127.0.0.1:1/a.png",
  "file:///etc/passwd",
  "nothing",
])("does not open %s", async (url) => {
  await expect(openAttachment(attachment(url), "https://discord.com/api", never)).rejects.toMatchObject({
    code: "forbidden",
  });
});
