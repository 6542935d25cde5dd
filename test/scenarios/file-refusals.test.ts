import { describe, expect, it, onTestFinished } from "vitest";
import { en } from "../../src/locale/en.ts";
import { zh } from "../../src/locale/zh.ts";
import type { Person, SentFile } from "../../src/playground/chat-platform.ts";
import { cozeError } from "../../src/playground/coze/index.ts";
import { uploadRequests, uploadsOf } from "../support/asked-files.ts";
import { cozeQuestions } from "../support/coze-questions.ts";
import { platformFaults } from "../support/platform-faults.ts";
import { notes, picture, program, table } from "../support/sent-files.ts";
import { describeEachPlatform, startWorld, type World } from "../support/world.ts";

const megabyte = 1024 * 1024;
const languages = [
  { locale: "en", words: en, caption: "What is this?" },
  { locale: "zh", words: zh, caption: "这是什么？" },
] as const;

/** How often the bridge opened a file on the platform, or asked for one. */
function fetches({ chat }: World): number {
  return chat.calls.filter(({ method }) => [platformFaults[chat.name].download, "getFile"].includes(method)).length;
}

interface Refusal {
  readonly file: SentFile;
  readonly sentence: string;
  readonly locale?: string;
}

/** Somebody sends a file and is told something instead of an answer, and goes on talking. */
async function refuses(world: World, { file, sentence, locale = "en" }: Refusal): Promise<Person> {
  const { person, room } = world.someone({ locale });
  world.chat.sendFile(person, room, [file]);
  await world.hears(room, sentence);
  expect(cozeQuestions(world.coze, world.sessionName(person))).toEqual([]);
  expect(uploadsOf(world, person)).toEqual([]);
  await world.ask(person, room, "Well then.", "You said: Well then.");
  return person;
}

describeEachPlatform("A file that is not passed on is refused with a word", {}, (world) => {
  it.each(languages)("when it is too large, before a byte of it is fetched ($locale)", async (language) => {
    const before = fetches(world());
    const file = { ...table, size: 100 * megabyte, caption: language.caption };
    const sentence = language.words.fileTooLarge.replace("{limit}", "50");
    const person = await refuses(world(), { file, sentence, locale: language.locale });
    expect(fetches(world())).toBe(before);
    expect(uploadRequests(world(), person)).toEqual([]);
  });

  it.each(languages)("when Coze takes no such files ($locale)", async ({ locale, words, caption }) => {
    const before = fetches(world());
    const file = { ...table, name: "notes.odt", mimeType: "application/vnd.oasis.opendocument.text", caption };
    await refuses(world(), { file, sentence: words.fileType, locale });
    expect(fetches(world())).toBe(before);
  });

  it("when it is a text of 100 kB", async () => {
    const before = fetches(world());
    await refuses(world(), { file: { ...notes, bytes: Buffer.alloc(100 * 1024, "a") }, sentence: en.fileType });
    expect(fetches(world())).toBe(before);
  });

  it("when it is a text in letters of another age", async () => {
    await refuses(world(), { file: { ...notes, bytes: Buffer.from("schön", "latin1") }, sentence: en.fileType });
  });

  it("in the language of what was said before, when nothing is written to it", async () => {
    const { person, room } = world().someone();
    await world().ask(person, room, "你好", "You said: 你好");
    world().chat.sendFile(person, room, [program]);
    await world().hears(room, zh.fileType);
  });

  it("when there is more of it than was told", async () => {
    const file = { ...table, bytes: Buffer.alloc(5 * megabyte, 1), size: megabyte };
    await refuses(world(), { file, sentence: en.fileUnavailable });
  });

  it("when there is less of it than was told", async () => {
    const file = { ...table, bytes: Buffer.alloc(1000, 1), size: 2000 };
    await refuses(world(), { file, sentence: en.fileUnavailable });
  });
});

describeEachPlatform("The operator sets how large files may be", { environment: { FILE_MAX_MB: "3" } }, (world) => {
  it("and that is what people are told", async () => {
    const file = { ...table, size: 3 * megabyte + 1 };
    await refuses(world(), { file, sentence: en.fileTooLarge.replace("{limit}", "3") });
  });
});

describe("Telegram gives bots no files beyond its own limit", () => {
  it("and that limit is what people are told", async () => {
    const world = await startWorld({ platform: "telegram" });
    onTestFinished(() => world.close());
    const file = { ...table, size: 30 * megabyte };
    await refuses(world, { file, sentence: en.fileTooLarge.replace("{limit}", "20") });
    world.assertDiscretion();
  });
});

describeEachPlatform("A file can't be had", {}, (world, platform) => {
  it("because it is gone: the person is told, and can try again", async () => {
    const { chat, coze } = world();
    const { person, room } = world().someone();
    const effect = { kind: "reply", status: 404, body: "This content is no longer available." } as const;
    chat.faults.add({ method: platformFaults[platform].download, effect });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    const told = await world().hears(room, en.fileUnavailable);
    expect(told.buttons).toEqual([[en.retry]]);
    expect(cozeQuestions(coze, world().sessionName(person))).toEqual([]);

    chat.press(person, told, en.retry);
    await world().shown(room, (text) => text.includes("You said: What is this?"));
    expect(uploadsOf(world(), person)).toHaveLength(1);
    expect(cozeQuestions(coze, world().sessionName(person))).toHaveLength(1);
  });

  it("at once: it is fetched again, and answered", async () => {
    const { chat } = world();
    const { person, room } = world().someone();
    chat.faults.add({ method: platformFaults[platform].download, effect: { kind: "reset", applied: false } });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    await world().shown(room, (text) => text.includes("You said: What is this?"));
    expect(chat.botMessages(room)).toHaveLength(1);
  });
});

describeEachPlatform("Coze does not take a file", {}, (world) => {
  const upload = "POST /v1/files/upload";

  it.each([
    { what: "fails", effect: { kind: "reply", status: 503, body: "<html>Service Unavailable</html>" } as const },
    { what: "hangs up", effect: { kind: "reset", applied: false } as const },
  ])("and once it $what: the file is sent again, and answered", async ({ effect }) => {
    const { chat, coze } = world();
    const { person, room } = world().someone();
    coze.faults.add({ method: upload, effect });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    await world().shown(room, (text) => text.includes("You said: What is this?"));
    expect(chat.botMessages(room)).toHaveLength(1);
    expect(uploadsOf(world(), person)).toHaveLength(1);
    expect(cozeQuestions(coze, world().sessionName(person))).toHaveLength(1);
  });

  it("at all: the person is told, and can try again", async () => {
    const { chat, coze } = world();
    const { person, room } = world().someone();
    const effect = { kind: "reply", status: 503, body: "<html>Service Unavailable</html>" } as const;
    coze.faults.add({ method: upload, effect, times: Number.POSITIVE_INFINITY });
    chat.sendFile(person, room, [{ ...picture, caption: "What is this?" }]);
    const told = await world().hears(room, en.failedService);
    expect(cozeQuestions(coze, world().sessionName(person))).toEqual([]);

    coze.faults.clear();
    chat.press(person, told, en.retry);
    await world().shown(room, (text) => text.includes("You said: What is this?"));
  });

  it.each([
    { what: "too large", code: 4302, sentence: en.fileTooLarge.replace("{limit}", "50") },
    { what: "of a wrong type", code: 4303, sentence: en.fileType },
  ])("because it finds it $what", async ({ code, sentence }) => {
    world().coze.faults.add({ method: upload, effect: cozeError(code, "no") });
    await refuses(world(), { file: picture, sentence });
  });
});
