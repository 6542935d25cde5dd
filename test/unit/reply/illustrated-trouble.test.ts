import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { fetchMedia } from "../../../src/media/fetch-media.ts";
import type { FaultEffect } from "../../../src/playground/faults.ts";
import { ShuttingDown } from "../../../src/turn/turn-queue.ts";
import { platformNames } from "../../support/world.ts";
import { openChat } from "./chat.ts";
import { answerIn, failSends, seen, sends, serveFiles, show } from "./illustrated.ts";
import { wire } from "./wire.ts";

const lost: FaultEffect = { kind: "reset", applied: false };
const unheard: FaultEffect = { kind: "reset", applied: true };

describe.each(platformNames)("a link to a file that can't be had, on %s,", (name) => {
  it("stays at its place, and the others of its album are sent", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const links = ["a.png", "missing.png", "c.png"].map((file) => `![${file}](${files.link(file)})`);
    const { mediaFailures, records } = await show(chat, files, `Look:\n\n${links.join("\n")}\n\nNice.`);
    const [before, first, second, after, ...rest] = seen(chat);
    expect([before, first, second, rest]).toEqual(["Look:", "a.png", "c.png", []]);
    expect(after).toContain("missing.png");
    expect(after).toMatch(/\n\nNice\.$/);
    expect(mediaFailures).toMatchObject([{ code: "refused", status: 404 }]);
    expect(records().map(({ segment, ref, sealed, textEnd }) => [segment, ref !== undefined, sealed, textEnd])).toEqual(
      [
        [0, true, true, 5],
        [1, false, true, 2],
        [1, true, true, 3],
        [2, true, false, expect.any(Number)],
      ],
    );
  });

  it("stands in a text of its own at the end", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    await show(chat, files, `See [the report](${files.link("missing.pdf")}) now.`);
    expect(seen(chat)).toHaveLength(2);
    expect(seen(chat)[0]).toBe("See the report now.");
    expect(seen(chat)[1]).toContain("the report");
    expect(JSON.stringify(chat.calls().at(-1)?.parameters)).toContain(files.link("missing.pdf"));
  });

  it("stands alone, as a reply, when it is all of the answer", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    await show(chat, files, `![a cat](${files.link("missing.png")})`);
    expect(seen(chat)).toEqual([expect.stringContaining("a cat")]);
    expect(chat.messages()[0]?.replyToId).toBe(chat.emulator.messages(chat.room)[0]?.id);
  });
});

describe.each(platformNames)("a server that is not on the internet, on %s,", (name) => {
  it("is never called", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { mediaFailures } = await show(chat, files, `A\n\n![cat](${files.link("cat.png")})\n\nB`, { fetchMedia });
    expect(files.requests).toEqual([]);
    expect(mediaFailures).toMatchObject([{ name: "MediaError" }]);
    expect(seen(chat)).toEqual(["A", expect.stringMatching(/cat.*B$/s)]);
  });

  it("is not called either when another one leads there", async () => {
    const chat = await openChat(name);
    const inside = await serveFiles();
    const outside = await serveFiles(inside.base);
    const { mediaFailures } = await show(chat, outside, `A\n\n![cat](${outside.link("cat.png")})\n\nB`);
    expect(outside.requests).toHaveLength(1);
    expect(inside.requests).toEqual([]);
    expect(mediaFailures).toMatchObject([{ name: "MediaError" }]);
    expect(seen(chat)).toEqual(["A", expect.stringMatching(/cat.*B$/s)]);
  });
});

describe.each(platformNames)("sending files on %s", (name) => {
  const { tooMany, tooLong, unknown, forbidden, badGateway } = wire[name];
  const text = (link: (file: string) => string) => `A\n\n![](${link("a.png")})\n![](${link("b.png")})\n\nB`;

  it.each<[string, FaultEffect, number]>([
    ["that has to wait", tooMany(30), 1],
    ["whose request is lost", lost, 4],
    ["whose answer is lost", unheard, 1],
    ["whose answer is lost again and again", unheard, 5],
    ["that a gateway answers with its own page", badGateway, 2],
  ])("%s shows them once in the end", async (_, effect, times) => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    failSends(chat, effect, { times });
    const { failures, records } = await show(chat, files, text(files.link));
    expect(seen(chat)).toEqual(["A", "a.png", "b.png", "B"]);
    expect(failures).toEqual([]);
    const posts = records().filter(({ segment, ref }) => segment === 1 && ref);
    expect(posts.length).toBeGreaterThan(0);
  });

  it("whose answer is lost, as that of the text behind them is, shows both once", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const isText = ({ text: said, content }: Readonly<Record<string, unknown>>) => said === "B" || content === "B";
    failSends(chat, unheard, { times: 3 });
    chat.emulator.faults.add({ method: wire[name].methods.post, where: isText, effect: unheard, times: 3 });
    await show(chat, files, text(files.link));
    expect(seen(chat)).toEqual(["A", "a.png", "b.png", "B"]);
  });

  it("keeps the limit that a refusal told of", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    failSends(chat, tooMany(30));
    await show(chat, files, text(files.link));
    const [first, second] = sends(chat).map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  it("that are refused together sends them one by one, and keeps the link of one that is refused alone", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    failSends(chat, unknown, { times: 2 });
    const { mediaFailures, records } = await show(chat, files, text(files.link));
    expect(seen(chat)).toEqual(["A", "b.png", expect.stringMatching(/B$/)]);
    expect(JSON.stringify(chat.calls().at(-1)?.parameters)).toContain(files.link("a.png"));
    expect(mediaFailures).toHaveLength(2);
    expect(records().map(({ part, segment, ref }) => [part, segment, ref !== undefined])).toEqual([
      [0, 0, true],
      [1, 1, false],
      [2, 1, true],
      [3, 2, true],
    ]);
  });

  it.each<[string, FaultEffect, number]>([
    ["are too large", tooLong, 3],
    ["may not be sent here", forbidden, 1],
  ])("that %s leaves their links", async (_, effect, calls) => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    failSends(chat, effect, { times: Number.POSITIVE_INFINITY });
    const { failures } = await show(chat, files, text(files.link));
    expect(seen(chat)).toEqual(["A", expect.stringMatching(/B$/)]);
    for (const file of ["a.png", "b.png"]) {
      expect(JSON.stringify(chat.calls().at(-1)?.parameters)).toContain(files.link(file));
    }
    expect(sends(chat)).toHaveLength(calls);
    expect(failures).toEqual([]);
  });

  it("to a chat that is closed to the bot ends as any answer there", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, failures } = answerIn(chat, files);
    failSends(chat, forbidden, { times: Number.POSITIVE_INFINITY });
    chat.fail("any", forbidden, { times: Number.POSITIVE_INFINITY });
    reply.write(`![](${files.link("a.png")})`);
    const outcome = await chat.clock.moveUntil(reply.finish().catch((error: unknown) => error));
    expect(outcome).toMatchObject({ code: "forbidden" });
    expect(failures).toEqual([outcome]);
  });

  it("to a chat that dies between two texts leaves nothing behind, also when nobody waits for the end", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, failures, shutdown } = answerIn(chat, files);
    const begun = text(files.link);
    reply.write(`${begun} and`);
    await chat.clock.moveUntil(chat.emulator.until("the text behind", () => seen(chat).length === 4));
    chat.fail("any", forbidden, { times: Number.POSITIVE_INFINITY });
    reply.write(`${begun} and more`);
    for (let waits = 0; failures.length === 0 && waits < 20; waits += 1) await chat.clock.advance(1000);
    expect(failures).toMatchObject([{ code: "forbidden" }]);
    await chat.clock.advance(0);
    expect(getEventListeners(shutdown.signal, "abort")).toEqual([]);
    await expect(reply.finish()).rejects.toBe(failures[0]);
    expect(failures).toHaveLength(1);
  });

  it("that never get an answer leaves their links in the end", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    failSends(chat, lost, { times: Number.POSITIVE_INFINITY });
    await show(chat, files, text(files.link));
    expect(seen(chat)).toEqual(["A", expect.stringMatching(/B$/)]);
  });

  it.each<[string, (link: (file: string) => string) => string]>([
    ["while a file is fetched", (link) => `A\n\n![](${link("held.png")})\n\nB`],
    ["while a file is sent", (link) => `A\n\n![](${link("a.png")})\n\nB`],
  ])("ends at shutdown %s, and leaves nothing behind", async (_, markdown) => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, shutdown, failures } = answerIn(chat, files);
    failSends(chat, lost, { times: Number.POSITIVE_INFINITY });
    const before = chat.clock.pending;
    reply.write(markdown(files.link));
    const finished = reply.finish().catch((error: unknown) => error);
    await files.received(1);
    await chat.clock.advance(1500);
    shutdown.abort(new ShuttingDown());
    expect(await chat.clock.moveUntil(finished)).toBeInstanceOf(ShuttingDown);
    expect(failures).toEqual([]);
    expect(seen(chat)).toEqual(["A"]);
    expect(getEventListeners(shutdown.signal, "abort")).toEqual([]);
    await chat.clock.advance(60_000);
    expect(chat.clock.pending).toBe(before);
  });
});

it("a store that fails ends an answer with its error", async () => {
  const [chat, files] = [await openChat("telegram"), await serveFiles()];
  const broken = new Error("disk full");
  const record = async ({ segment }: { segment: number }) => {
    if (segment === 1) throw broken;
  };
  const { reply, failures } = answerIn(chat, files, { record });
  reply.write(`A\n\n![](${files.link("a.png")})\n\nB`);
  await expect(chat.clock.moveUntil(reply.finish())).rejects.toBe(broken);
  expect(failures).toEqual([broken]);
});
