import { describe, expect, it } from "vitest";
import { Slots } from "../../../src/reply/slots.ts";
import { type PlatformName, platformNames } from "../../support/world.ts";
import { openChat } from "./chat.ts";
import { answerIn, type FileServer, failSends, seen, sends, serveFiles } from "./illustrated.ts";
import { wire } from "./wire.ts";

/** Groups of files that are parted by text. */
function groups(files: FileServer, names: readonly string[]): string {
  return names.map((file, n) => `T${n}\n\n![](${files.link(file)})`).join("\n\n");
}

const many = ["held1.png", "held2.png", "held3.png", "held4.png", "held5.png", "held6.png"];
const other = (name: PlatformName): PlatformName => (name === "telegram" ? "discord" : "telegram");

describe.each(platformNames)("an answer with files on %s", (name) => {
  it("is shown whole while others wait for their files", async () => {
    const [busy, slow] = [await openChat(name), await serveFiles()];
    const slots = new Slots(4);
    const waiting = answerIn(busy, slow, { slots });
    waiting.reply.write(`${groups(slow, many)}\n\nEnd.`);
    await slow.received(1);
    await busy.clock.advance(1000);
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files, { slots });
    reply.write(groups(files, ["a.png", "b.png", "c.png"]));
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["T0", "a.png", "T1", "b.png", "T2", "c.png"]);
    expect(waiting.mediaFailures).toEqual([]);
  });

  it("is shown whole while another platform takes no files", async () => {
    const [troubled, fast] = [await openChat(other(name)), await serveFiles()];
    const slots = new Slots(4);
    failSends(troubled, wire[other(name)].tooMany(3000), { times: Number.POSITIVE_INFINITY });
    const two = [answerIn(troubled, fast, { slots }), answerIn(troubled, fast, { slots })];
    for (const { reply } of two) reply.write(`${groups(fast, ["a.png", "b.png", "c.png"])}\n\nEnd.`);
    await troubled.clock.moveUntil(troubled.emulator.until("a refusal", () => sends(troubled).length > 0));
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = answerIn(chat, files, { slots });
    reply.write(groups(files, ["a.png", "b.png"]));
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["T0", "a.png", "T1", "b.png"]);
  });

  it("has its next files fetched whoever else fetches, and later ones when there is room", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const slots = new Slots(1);
    const giveBack = slots.take();
    const { reply } = answerIn(chat, files, { slots });
    chat.fail("post", { kind: "delay", ms: 5000 });
    const text = groups(files, ["a.png", "b.png", "c.png"]);
    reply.write(`${text}\n\nEnd`);
    await files.received(1);
    await chat.clock.advance(0);
    expect(files.requests.map(({ path }) => path)).toEqual(["/a.png"]);
    giveBack?.();
    reply.write(`${text}\n\nEnd of`);
    await files.received(2);
    expect(files.requests.map(({ path }) => path)).toEqual(["/a.png", "/b.png"]);
    reply.write(`${text}\n\nEnd of it`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["T0", "a.png", "T1", "b.png", "T2", "c.png", "End of it"]);
    expect(files.requests).toHaveLength(3);
    expect(slots.take()).toBeDefined();
  });
});
