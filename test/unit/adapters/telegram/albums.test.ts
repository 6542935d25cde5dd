import type { Message, Update, User } from "grammy/types";
import { describe, expect, it } from "vitest";
import { bundlesOf, mayGrow } from "../../../../adapters/telegram/bundles.ts";
import { toInboundEvent } from "../../../../adapters/telegram/inbound.ts";
import type { MessageEvent } from "../../../../src/adapter.ts";
import type { SentFile } from "../../../../src/playground/chat-platform.ts";
import type { FaultEffect } from "../../../../src/playground/faults.ts";
import { restarting } from "../../../../src/playground/telegram/index.ts";
import { callsOf, connect } from "./wire.ts";

const bot: User = { id: 700, is_bot: true, first_name: "Weather", username: "Weather_Bot" };
const from: User = { id: 42, is_bot: false, first_name: "Ada" };
const group = { id: -1_001_234_567_890, type: "supergroup", title: "Walks" } as const;

function part(fileId: string, message: object = {}): Update {
  const photo = [{ file_id: fileId, file_unique_id: "u", width: 1, height: 1 }];
  const chat = { id: 42, type: "private", first_name: "Ada" };
  const base = { message_id: 5, date: 1_700_000_000, from, chat, media_group_id: "1", photo };
  return { update_id: 9, message: { ...base, ...message } as Message & Update.NonChannel };
}

describe("the files of an album", () => {
  const album = (first: object, second: object) => toInboundEvent([part("a", first), part("b", second)], bot, 0);

  it("are one message, with the id and the place of the first", () => {
    expect(album({ caption: "what" }, { message_id: 6, caption: "is this?" })).toMatchObject({
      id: "700:42:5",
      target: { address: { replyTo: 5 } },
      text: "what\nis this?",
      attachments: [{ address: { fileId: "a" } }, { address: { fileId: "b" } }],
    });
  });

  it("are addressed by any of their captions", () => {
    const mention = { type: "mention", offset: 0, length: 12 };
    const addressed = { chat: group, caption: "@weather_bot rain?", caption_entities: [mention] };
    expect(album({ chat: group }, addressed)).toMatchObject({ addressed: true, text: "rain?" });
    expect(album({ chat: group }, { chat: group, caption: "rain?" })).toMatchObject({ addressed: false });
  });

  it("come before the one of the message that they answer, which comes once", () => {
    const answer = { reply_to_message: { message_id: 4, document: { file_id: "old" } } };
    const attachments = ["a", "b", "old"].map((fileId) => ({ address: { fileId } }));
    expect(album(answer, answer)).toMatchObject({ attachments });
  });

  it("keep their words when one that has none is changed", () => {
    const edited = (caption?: string) => {
      const { message, update_id } = part("a", { caption });
      const edited_message = message as Message & Update.NonChannel & Update.Edited;
      return toInboundEvent([{ update_id, edited_message }], bot, 0);
    };
    expect(edited()).toBeUndefined();
    expect(edited("new")).toMatchObject({ type: "edited", text: "new" });
  });
});

describe("bundles", () => {
  const word = (update_id: number): Update => ({ ...part("a", { media_group_id: undefined }), update_id });
  const photo = (update_id: number, media_group_id: string, chat = 42): Update => ({
    ...part("a", { media_group_id, chat: { id: chat, type: "private" } }),
    update_id,
  });
  const ids = (updates: readonly Update[]) => bundlesOf(updates).map((one) => one.map(({ update_id }) => update_id));

  it("keep every update by itself, but for the files of an album", () => {
    expect(ids([word(1), photo(2, "A"), photo(3, "A"), photo(4, "B"), word(5)])).toEqual([[1], [2, 3], [4], [5]]);
    expect(ids([photo(1, "A", 7), photo(2, "A", 8)])).toEqual([[1], [2]]);
  });

  it("wait with an album for its last file, while what stands between goes ahead", () => {
    expect(ids([photo(1, "A"), word(2), photo(3, "B"), photo(4, "A"), photo(5, "B")])).toEqual([[2], [1, 4], [3, 5]]);
  });

  it("may grow up to ten files, unless they had time to come", () => {
    const files = Array.from({ length: 10 }, (_, index) => photo(index, "A"));
    const grows = (updates: Update[], ...settled: string[]) =>
      bundlesOf(updates).map((bundle) => mayGrow(bundle, { updates, settled: new Set(settled) }));
    expect(grows(files.slice(0, 9))).toEqual([true]);
    expect(grows(files)).toEqual([false]);
    expect(grows(files.slice(0, 9), "42:A")).toEqual([false]);
    expect(grows([word(1)])).toEqual([false]);
  });
});

describe("an album that is received", () => {
  const photos = ["a", "b", "c"].map((name, index) => ({
    kind: "image" as const,
    name: `${name}.jpg`,
    mimeType: "image/jpeg",
    bytes: Buffer.from(name.repeat(index + 1)),
    ...(index === 0 && { caption: "look" }),
  }));

  async function withPerson() {
    const wire = await connect({ sharesClock: true });
    const person = wire.telegram.addPerson();
    const room = wire.telegram.privateRoom(person);
    return {
      ...wire,
      say: (words: string) => wire.telegram.say(person, room, words),
      sendFiles: (files: readonly SentFile[]) => wire.telegram.sendFile(person, room, files),
      polls: () => callsOf(wire, "getUpdates"),
    };
  }

  const sizes = (event: unknown) => (event as MessageEvent).attachments.map(({ size }) => size);

  it("is one event within a second, and is confirmed with all that came with it", async () => {
    const { adapter, clock, inbox, sendFiles, say, telegram } = await withPerson();
    say("before");
    sendFiles(photos);
    say("after");
    await adapter.start(inbox);
    const startedAt = clock.now();
    expect(await clock.moveUntil(inbox.texts(3), 1000)).toEqual(["before", "look", "after"]);
    expect(clock.now() - startedAt).toBeLessThanOrEqual(1000);
    expect(sizes(inbox.events[1])).toEqual([1, 2, 3]);
    await telegram.until("all is confirmed", () => telegram.pendingUpdates === 0);
    expect(inbox.offered).toHaveLength(3);
  });

  it("is whole when a poll ends between its files, of which none is confirmed before it is stored", async () => {
    const { adapter, clock, inbox, polls, sendFiles, say, telegram } = await withPerson();
    for (let count = 0; count < 99; count += 1) say(String(count));
    const first = sendFiles(photos);
    await adapter.start(inbox);
    await inbox.taken(99);
    expect(polls()[0]?.response).toMatchObject({ result: { length: 100 } });
    expect(telegram.pendingUpdates).toBe(102);
    inbox.refusals = 1;
    await clock.advance(800);
    await expect.poll(() => inbox.offered.length, { interval: 5 }).toBe(100);
    expect(telegram.pendingUpdates).toBe(3);
    await clock.moveUntil(inbox.taken(100), 1000);
    expect(inbox.events[99]).toMatchObject({ id: expect.stringMatching(`:${first.id}$`), text: "look" });
    expect(sizes(inbox.events[99])).toEqual([1, 2, 3]);
    await telegram.until("all is confirmed", () => telegram.pendingUpdates === 0);
  });

  it("comes whole again to the next process when nobody stored it", async () => {
    const { adapter, clock, inbox, newAdapter, sendFiles, telegram } = await withPerson();
    sendFiles(photos);
    await adapter.start(inbox);
    await telegram.until("it waits", () => telegram.calls.some(({ method }) => method === "getUpdates"));
    await adapter.stop();
    expect(inbox.offered).toEqual([]);
    await newAdapter().start(inbox);
    await clock.moveUntil(inbox.taken(1), 1000);
    expect(sizes(inbox.events[0])).toEqual([1, 2, 3]);
  });

  it("is whole when it stands at the end of a full poll that begins with another", async () => {
    const { adapter, clock, inbox, sendFiles, say } = await withPerson();
    sendFiles(photos);
    for (let count = 0; count < 96; count += 1) say(String(count));
    sendFiles(photos);
    await adapter.start(inbox);
    await clock.moveUntil(inbox.taken(98), 1000);
    expect([inbox.events[0], inbox.events[97]].map(sizes)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("is not confirmed with what stands between its files", async () => {
    const { adapter, clock, inbox, polls, telegram } = await withPerson();
    const between = { ...part("x", { message_id: 6, media_group_id: undefined }), update_id: 1001 };
    const result = [{ ...part("a"), update_id: 1000 }, between, { ...part("b", { message_id: 7 }), update_id: 1002 }];
    const effect: FaultEffect = { kind: "reply", status: 200, body: { ok: true, result } };
    telegram.faults.add({ method: "getUpdates", times: 2, effect });
    await adapter.start(inbox);
    const events = await clock.moveUntil(inbox.taken(3), 1000);
    // The core knows the one that comes twice by its id.
    const id = (message: number) => expect.stringMatching(`:42:${message}$`);
    expect(events).toMatchObject([{ id: id(6) }, { id: id(6) }, { id: id(5), attachments: [{}, {}] }]);
    await telegram.until("it goes on", () => polls().length === 3);
    expect(polls().map(({ parameters }) => parameters.offset)).toEqual([0, 1000, 1003]);
  });

  it("of ten files waits for nothing", async () => {
    const { adapter, inbox, sendFiles } = await withPerson();
    sendFiles(Array.from({ length: 10 }, () => photos[1] as SentFile));
    await adapter.start(inbox);
    await inbox.taken(1);
    expect(sizes(inbox.events[0])).toHaveLength(10);
  });

  it("is whole also when the poll for the rest of it fails", async () => {
    const { adapter, clock, inbox, polls, sendFiles, telegram } = await withPerson();
    sendFiles(photos);
    await adapter.start(inbox);
    await telegram.until("it waits", () => polls().some(({ status }) => status === 200));
    telegram.faults.add({ method: "getUpdates", effect: restarting() });
    await clock.moveUntil(inbox.taken(1), 2000);
    expect(inbox.events).toHaveLength(1);
    expect(sizes(inbox.events[0])).toEqual([1, 2, 3]);
  });
});
