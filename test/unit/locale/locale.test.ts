import { describe, expect, it } from "vitest";
import { en } from "../../../src/locale/en.ts";
import { chooseLocale, words } from "../../../src/locale/locale.ts";
import { zh } from "../../../src/locale/zh.ts";
import { MEGABYTE, withLimit } from "../../../src/preparation/size-limit.ts";
import { expectPlainWords } from "../../support/plain-words.ts";

describe("the language to speak with someone", () => {
  it.each<[string | undefined, string, string]>([
    ["en", "你好", "en"],
    ["en-US", "", "en"],
    ["zh", "hello", "zh"],
    ["zh-CN", "", "zh"],
    ["zh-TW", "", "zh"],
    ["zh-hans", "", "zh"],
    ["ZH-Hant-HK", "", "zh"],
    ["zh_CN", "", "zh"],
    ["zha", "", "en"],
    ["de", "你好", "en"],
    ["ja", "", "en"],
    [undefined, "hello", "en"],
    [undefined, "", "en"],
    [undefined, "你好", "zh"],
    [undefined, "what is 水?", "zh"],
    [undefined, "こんにちは", "en"],
    ["", "你好", "zh"],
  ])("of %j who writes %j is %s", (platformLocale, text, locale) => {
    expect(chooseLocale(platformLocale, text)).toBe(locale);
  });

  it("is English where nothing better is known", () => {
    expect(words("fr")).toBe(en);
    expect(words("")).toBe(en);
    expect(words("zh")).toBe(zh);
  });
});

describe("both languages", () => {
  it("say the same things", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.entries(en))("%s: in English, with no Chinese in it", (_, sentence) => {
    expect(sentence.trim()).toBe(sentence);
    expect(sentence).not.toMatch(/\p{Script=Han}/u);
    expectPlainWords(withLimit(sentence, 50 * MEGABYTE));
  });

  it.each(Object.entries(zh))("%s: in Chinese", (_, sentence) => {
    expect(sentence.trim()).toBe(sentence);
    expect(sentence).toMatch(/\p{Script=Han}/u);
    expectPlainWords(withLimit(sentence, 50 * MEGABYTE));
  });

  it.each(Object.keys(en) as (keyof typeof en)[])("%s: names the same commands and carries the same sign", (key) => {
    const marks = (sentence: string) => sentence.match(/\/[a-z]+|⏳|⏹|⚠️|ℹ️/gu)?.sort() ?? [];
    expect(marks(zh[key])).toEqual(marks(en[key]));
  });
});
