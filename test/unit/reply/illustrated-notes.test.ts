import { describe, expect, it } from "vitest";
import { platformNames } from "../../support/world.ts";
import { openChat, type TestChat } from "./chat.ts";
import { answerIn, type FileServer, seen, serveFiles, type TestAnswer } from "./illustrated.ts";
import { wire } from "./wire.ts";

/** An answer of which nothing is known yet but that it takes long. */
async function waiting(chat: TestChat, files: FileServer): Promise<TestAnswer> {
  const answer = answerIn(chat, files);
  answer.reply.annotate("⏳ Still waiting");
  await chat.until("the words", (texts) => texts.length === 1);
  answer.reply.annotate("");
  return answer;
}

const deletions = { telegram: "deleteMessage", discord: "DELETE /channels/:id/messages/:id" };

describe.each(platformNames)("passing words before an answer on %s that begins with a file", (name) => {
  it("go, and the file is the reply", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, records, failures } = await waiting(chat, files);
    reply.write(`![](${files.link("a.png")})\n\nB`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["a.png", "B"]);
    const [said] = chat.emulator.messages(chat.room);
    expect(chat.messages().map(({ replyToId }) => replyToId)).toEqual([said?.id, undefined]);
    expect(records().map(({ segment, ref, sealed }) => [segment, ref !== undefined, sealed])).toEqual([
      [0, false, true],
      [1, true, true],
      [2, true, false],
    ]);
    expect(failures).toEqual([]);
  });

  it("go also when it is not known whether they are there", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    chat.fail("post", { kind: "reset", applied: true }, { times: 5 });
    const { reply } = answerIn(chat, files);
    reply.annotate("⏳ Still waiting");
    await chat.until("the words", (texts) => texts.length === 1);
    reply.annotate("");
    chat.emulator.faults.clear();
    reply.write(`![](${files.link("a.png")})\n\nB`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["a.png", "B"]);
  });

  it("are deleted as often as it takes", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply } = await waiting(chat, files);
    chat.emulator.faults.add({ method: deletions[name], effect: { kind: "reset", applied: false }, times: 3 });
    reply.write(`![](${files.link("a.png")})\n\nB`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["a.png", "B"]);
  });

  it("cost nothing where they can't be deleted", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, failures, records } = await waiting(chat, files);
    chat.emulator.faults.add({ method: deletions[name], effect: wire[name].unknown, times: Number.POSITIVE_INFINITY });
    reply.write(`![](${files.link("a.png")})\n\nB`);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["⏳ Still waiting", "a.png", "B"]);
    expect(records()[0]).toMatchObject({ segment: 0, sealed: true, ref: expect.anything() });
    expect(failures).toEqual([]);
  });

  it("are not there any more for the next process", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { reply, records, shutdown } = await waiting(chat, files);
    reply.write(`![](${files.link("held.png")})\n\nB`);
    const finished = reply.finish().catch((error: unknown) => error);
    await chat.clock.moveUntil(chat.emulator.until("nothing", () => seen(chat).length === 0));
    await chat.clock.advance(0);
    shutdown.abort(new Error("killed"));
    await finished;
    const next = answerIn(chat, files, { sent: records() });
    expect(next.reply.isVisible).toBe(false);
    files.release();
    next.reply.write(`![](${files.link("held.png")})\n\nB`);
    await chat.clock.moveUntil(next.reply.finish());
    expect(seen(chat)).toEqual(["held.png", "B"]);
    const [said] = chat.emulator.messages(chat.room);
    expect(chat.messages()[0]?.replyToId).toBe(said?.id);
  });
});
