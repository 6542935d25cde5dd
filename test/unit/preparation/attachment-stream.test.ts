import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openAttachment } from "../../../adapters/discord/attachments.ts";
import type { Attachment } from "../../../src/adapter.ts";
import { systemClock } from "../../../src/clock.ts";
import { opener } from "../../../src/preparation/attachment-stream.ts";

/** Opens what `listener` serves, as the Discord adapter does. */
async function open(listener: RequestListener, told: Pick<Attachment, "size"> = {}, limitBytes = 100) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const attachment: Attachment = { kind: "file", name: "a", address: { url: `${apiBase}/a` }, ...told };
  const adapter = {
    fetchAttachment: (one: Attachment, signal: AbortSignal) =>
      openAttachment(one, { apiBase, clock: systemClock }, signal),
  };
  return opener({ adapter, attachment, limitBytes })(new AbortController().signal);
}

it.each([{}, { size: 4 }])("gives the bytes of a file that keeps to what was told: %j", async (told) => {
  const stream = await open((_, response) => void response.end("abcd"), told, 4);
  expect(await new Response(stream).text()).toBe("abcd");
});

it.each<[string, RequestListener, string, object]>([
  ["breaks off", (_, response) => void response.write("ab", () => response.destroy()), "unavailable", {}],
  ["has less", (_, response) => void response.end("abc"), "unavailable", { size: 4 }],
  ["has more", (_, response) => void response.end("abcde"), "too-large", { size: 4 }],
  ["goes on", (_, response) => void response.write("abcde"), "too-large", {}],
])("ends with an error for a file that %s", async (_, listener, code, told) => {
  const stream = await open(listener, told, 4);
  await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ name: "AttachmentError", code });
});

it("lets go of the file when nobody reads on", async () => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const stream = await open((_, response) => void response.on("close", closed).write("a"));
  await stream.cancel();
  await isClosed;
});

it("lets go of a file that is too large", async () => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const stream = await open((_, response) => void response.on("close", closed).write("abcde"), {}, 4);
  await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ code: "too-large" });
  await isClosed;
});
