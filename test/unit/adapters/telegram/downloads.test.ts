import { describe, expect, it } from "vitest";
import { createTelegramAdapter } from "../../../../adapters/telegram/index.ts";
import type { MessageEvent } from "../../../../src/adapter.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import { badGatewayPage } from "../../../../src/playground/telegram/index.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { connect, failureOf, LogBook } from "./wire.ts";

describe("fetchAttachment", () => {
  async function attachment(size?: number) {
    const wire = await connect();
    const { telegram, adapter, inbox } = wire;
    const person = telegram.addPerson();
    const file = { kind: "file", name: "a.txt", mimeType: "text/plain", bytes: Buffer.from("content") } as const;
    telegram.sendFile(person, telegram.privateRoom(person), [{ ...file, ...(size !== undefined && { size }) }]);
    await adapter.start(inbox);
    const [event] = await inbox.taken(1);
    const [sent] = (event as MessageEvent).attachments;
    if (sent === undefined) throw new Error("The event has no attachment.");
    return { ...wire, sent };
  }

  it("opens the file", async () => {
    const { adapter, sent } = await attachment();
    const stream = await adapter.fetchAttachment(sent, new AbortController().signal);
    expect(await new Response(stream).text()).toBe("content");
  });

  it("says that a file is too big", async () => {
    const { adapter, sent } = await attachment(20_971_521);
    const error = await failureOf(adapter.fetchAttachment(sent, new AbortController().signal));
    expect(error).toMatchObject({ code: "too-long", message: "Bad Request: file is too big" });
  });

  it("learns of a server's limit when it refuses a file", async () => {
    const { adapter, sent } = await attachment(20_971_521);
    expect(adapter.capabilities.maxDownloadBytes).toBe(Number.POSITIVE_INFINITY);
    await failureOf(adapter.fetchAttachment(sent, new AbortController().signal));
    expect(adapter.capabilities.maxDownloadBytes).toBe(20_971_520);
  });

  it("goes nowhere but to the server", async () => {
    const { adapter, telegram, sent } = await attachment();
    const other = await attachment();
    const headers = { Location: `${other.telegram.apiRoot}/elsewhere` };
    telegram.faults.add({ method: "/file", effect: { kind: "reply", status: 302, body: "", headers } });
    const error = await failureOf(adapter.fetchAttachment(sent, new AbortController().signal));
    expect(error).toMatchObject({ code: "unknown", status: 302 });
    expect(other.telegram.calls.some(({ method }) => method.includes("elsewhere"))).toBe(false);
  });

  it.each<[string, FaultEffect, string]>([
    ["a file that is gone", { kind: "reply", status: 404, body: "gone" }, "not-found"],
    ["a bad gateway", badGatewayPage(), "network"],
    ["a reset connection", { kind: "reset", applied: false }, "network"],
  ])("fails with a code for %s", async (_, effect, code) => {
    const { adapter, telegram, sent } = await attachment();
    telegram.faults.add({ method: "/file", effect });
    expect(await failureOf(adapter.fetchAttachment(sent, new AbortController().signal))).toMatchObject({ code });
  });

  it("ends when the signal does", async () => {
    const { adapter, telegram, sent } = await attachment();
    telegram.faults.add({ method: "/file", effect: { kind: "hang", applied: false } });
    const stopping = new AbortController();
    const failure = failureOf(adapter.fetchAttachment(sent, stopping.signal));
    await telegram.until("the download is asked for", () => telegram.calls.some(({ method }) => method === "/file"));
    stopping.abort();
    expect(await failure).toMatchObject({ code: "network" });
  });
});

it.each([[undefined], ["https://api.telegram.org"], ["https://api.telegram.org/"]])(
  "Telegram's own server (%s) is known to give files of 20 MB",
  (apiBase) => {
    const shared = { token: "1:a", logger: new LogBook(), clock: createManualClock() };
    const { capabilities } = createTelegramAdapter({ ...shared, ...(apiBase !== undefined && { apiBase }) });
    expect(capabilities.maxDownloadBytes).toBe(20_971_520);
  },
);
