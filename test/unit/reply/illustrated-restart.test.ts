import { describe, expect, it } from "vitest";
import { Budgets } from "../../../src/reply/budget.ts";
import type { TurnMessage } from "../../../src/store/store.ts";
import { platformNames } from "../../support/world.ts";
import { openChat, type TestChat } from "./chat.ts";
import { answerIn, type FileServer, failSends, seen, sends, serveFiles, show } from "./illustrated.ts";

/** Another process, which knows of an answer what one before it has recorded. */
interface Died {
  readonly sent: readonly TurnMessage[];
  readonly hasDied: boolean;
}

/** A record of the ones that an answer makes, at which its process dies: before or after it is written down. */
interface Death {
  readonly step: number;
  readonly isWritten: boolean;
  /** Passing words that are shown before the answer begins. */
  readonly note?: string;
}

async function dieAt(chat: TestChat, files: FileServer, text: string, death: Death): Promise<Died> {
  const { step, isWritten, note = "" } = death;
  const sent = new Map<number, TurnMessage>();
  let count = 0;
  let die: () => void = () => undefined;
  const died = new Promise<true>((resolve) => {
    die = () => resolve(true);
  });
  const record = async (message: TurnMessage) => {
    count += 1;
    if (count < step || isWritten) sent.set(message.part, message);
    if (count < step) return;
    die();
    await new Promise(() => undefined);
  };
  const known = async () => [...sent.values()].flatMap(({ ref }) => ref ?? []);
  const budgets = new Budgets(chat.clock);
  const { reply, shutdown } = answerIn(chat, files, { record, known, budgets });
  if (note !== "") {
    reply.annotate(note);
    await Promise.race([died, chat.until("the words", (texts) => texts.length === 1)]);
    reply.annotate("");
  }
  reply.write(text);
  const finished = reply.finish().then(
    () => false,
    () => false,
  );
  const hasDied = await chat.clock.moveUntil(Promise.race([died, finished]));
  shutdown.abort(new Error("killed"));
  return { sent: [...sent.values()].sort((a, b) => a.part - b.part), hasDied };
}

const words = (count: number) => Array.from({ length: count }, (_, n) => `w${n}`).join(" ");

describe.each(platformNames)("an answer on %s whose process died", (name) => {
  it.each([true, false])("at any record (written: %s) is shown once and whole by the next one", async (isWritten) => {
    const files = await serveFiles();
    const text = [
      `A ${words(900)}`,
      `![](${files.link("a.png")})\n![](${files.link("b.png")})\n![](${files.link("c.mp3")})`,
      "B",
      `![](${files.link("missing.png")})\n![](${files.link("d.pdf")})`,
      `C ${words(20)}`,
    ].join("\n\n");
    const whole = await openChat(name);
    await show(whole, files, text);
    const expected = seen(whole);
    expect(expected.filter((shown) => /^\w\.\w+$/.test(shown))).toEqual(["a.png", "b.png", "c.mp3", "d.pdf"]);
    let steps = 0;
    for (let hasDied = true; hasDied; ) {
      steps += 1;
      const chat = await openChat(name);
      const died = await dieAt(chat, files, text, { step: steps, isWritten });
      hasDied = died.hasDied;
      const { failures, records } = await show(chat, files, text, { sent: died.sent });
      expect.soft(seen(chat), `died at record ${steps}`).toEqual(expected);
      expect.soft(failures).toEqual([]);
      const segments = records().map(({ segment }) => segment);
      expect.soft(segments).toEqual([...segments].sort((a, b) => a - b));
    }
    expect(steps).toBeGreaterThan(12);
  });

  it.each([true, false])("at any record leaves no passing words before a file (written: %s)", async (isWritten) => {
    const files = await serveFiles();
    const text = `![](${files.link("a.png")})\n\nB`;
    let steps = 0;
    for (let hasDied = true; hasDied; ) {
      steps += 1;
      const chat = await openChat(name);
      const died = await dieAt(chat, files, text, { step: steps, isWritten, note: "⏳ Still waiting" });
      hasDied = died.hasDied;
      await show(chat, files, text, { sent: died.sent });
      expect.soft(seen(chat), `died at record ${steps}`).toEqual(["a.png", "B"]);
      const [said] = chat.emulator.messages(chat.room);
      expect.soft(chat.messages().map(({ replyToId }) => replyToId)).toEqual([said?.id, undefined]);
    }
    expect(steps).toBeGreaterThan(6);
  });

  it("grows on from where it stands", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const text = `A\n\n![](${files.link("a.png")})\n\nB and more`;
    const { sent } = await dieAt(chat, files, `A\n\n![](${files.link("a.png")})\n\nB`, { step: 8, isWritten: false });
    expect(seen(chat)).toEqual(["A", "a.png", "B"]);
    const { reply } = answerIn(chat, files, { sent });
    for (let end = 1; end <= text.length; end += 5) {
      reply.write(text.slice(0, end));
      await chat.clock.advance(500);
    }
    reply.write(text);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["A", "a.png", "B and more"]);
    expect(files.requests).toHaveLength(1);
  });

  it("while the first of many groups of files was sent is shown whole", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const groups = ["a", "b", "c", "d", "e", "f"].map((file) => `T${file}\n\n![](${files.link(`${file}.png`)})`);
    const text = groups.join("\n\n");
    const { sent } = await dieAt(chat, files, text, { step: 4, isWritten: true });
    expect(sent.map(({ segment, ref }) => [segment, ref !== undefined])).toEqual([
      [0, true],
      [1, false],
    ]);
    await show(chat, files, text, { sent });
    expect(seen(chat)).toEqual(["a", "b", "c", "d", "e", "f"].flatMap((file) => [`T${file}`, `${file}.png`]));
  });

  it("does not ask again for what was given up or sent", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const text = `A\n\n![](${files.link("missing.png")})\n![](${files.link("a.png")})\n\nB`;
    const { records } = await show(chat, files, text);
    const before = seen(chat);
    const calls = chat.emulator.calls.length;
    const again = await show(chat, files, text, { sent: records() });
    expect(seen(chat)).toEqual(before);
    expect(files.requests).toHaveLength(2);
    expect(chat.emulator.calls.length - calls).toBeLessThanOrEqual(1);
    expect(again.records()).toEqual(records());
  });

  it("keeps what stood there when the answer can't be had any more", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const { sent } = await dieAt(chat, files, `A\n\n![](${files.link("a.png")})\n\nB`, { step: 8, isWritten: false });
    const answer = answerIn(chat, files, { sent });
    expect(answer.reply.isVisible).toBe(true);
    await answer.reply.leaveEarlierMessages();
    answer.reply.write("");
    answer.reply.annotate("It broke off.");
    await chat.clock.moveUntil(answer.reply.finish());
    expect(seen(chat)).toEqual(["A", "a.png", "B", "It broke off."]);
    // The next process knows no more of the text than this one.
    const { reply } = answerIn(chat, files, { sent: answer.records() });
    reply.write("");
    reply.annotate("It broke off.");
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual(["A", "a.png", "B", "It broke off."]);
  });

  it("says all of the bridge's word, also when the process died that was about to say it", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const long = words(900);
    const text = `${long}\n\n![](${files.link("a.png")})\n![](${files.link("b.mp3")})`;
    const first = await show(chat, files, text);
    const before = seen(chat);
    const second = answerIn(chat, files, { sent: first.records() });
    await second.reply.leaveEarlierMessages();
    expect(second.records().map(({ segment, textEnd }) => [segment, textEnd])).toEqual(
      first.records().map(() => [0, 0]),
    );
    const { reply } = answerIn(chat, files, { sent: second.records() });
    reply.write("");
    reply.annotate("It broke off.");
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat)).toEqual([...before, "It broke off."]);
  });

  it("finds files that were sent without fetching them again", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    const text = `A\n\n![](${files.link("a.png")})\n![](${files.link("b.png")})\n\nB`;
    const { sent } = await dieAt(chat, files, text, { step: 5, isWritten: false });
    expect(seen(chat)).toEqual(["A", "a.png", "b.png"]);
    expect(sent.at(-1)?.ref).toBeUndefined();
    const { mediaFailures } = await show(chat, files, text, { sent });
    expect(seen(chat)).toEqual(["A", "a.png", "b.png", "B"]);
    expect(files.requests).toHaveLength(2);
    expect(mediaFailures).toEqual([]);
    // An album on Telegram is two messages to account for.
    const looks = { telegram: /^editMessageReplyMarkup$/, discord: /^GET .*\/messages$/ }[name];
    const count = chat.emulator.calls.filter(({ method }) => looks.test(method)).length;
    expect(count).toBe(name === "telegram" ? 2 : 1);
  });

  it("sends an album that was lost once more, without what can't be had any more", async () => {
    const [chat, files] = [await openChat(name), await serveFiles()];
    failSends(chat, { kind: "reset", applied: false }, { times: Number.POSITIVE_INFINITY });
    const text = `A\n\n![](${files.link("a.png")})\n![](${files.link("b.png")})\n\nB`;
    const { sent } = await dieAt(chat, files, text, { step: 4, isWritten: true });
    chat.emulator.faults.clear();
    expect(sent.map(({ segment, ref }) => [segment, ref !== undefined])).toEqual([
      [0, true],
      [1, false],
    ]);
    const { reply } = answerIn(chat, files, {
      sent,
      fetchMedia: async (url) => {
        if (url.includes("a.png")) throw new Error("expired");
        return { kind: "image", name: "b.png", mimeType: "image/png", data: Buffer.from("\x89PNG", "latin1") };
      },
    });
    reply.write(text);
    await chat.clock.moveUntil(reply.finish());
    expect(seen(chat).slice(0, 2)).toEqual(["A", "b.png"]);
    expect(JSON.stringify(chat.calls().at(-1)?.parameters)).toContain("a.png");
    expect(sends(chat).filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
