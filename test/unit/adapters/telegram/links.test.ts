import { describe, expect, it } from "vitest";
import { withSafeLinks } from "../../../../adapters/telegram/links.ts";
import { measure, render } from "../../../../adapters/telegram/render.ts";
import type { Format } from "../../../../src/markdown/formatted-text.ts";
import { formatted } from "./formatted.ts";

const bold: Format = { type: "bold" };

function linked(url: string) {
  return formatted("see here now", ["here", { type: "link", url }]);
}

describe("a link", () => {
  it.each([
    "https://example.com",
    "HTTPS://EXAMPLE.COM/a b",
    "http://1.2.3.4:80/",
    "https://user:pw@example.com/",
    "http://[::1]/",
    "https://例え.jp/",
    "tg://resolve?domain=name",
    "tg:resolve?domain=name",
  ])("stays as it is where Telegram keeps it: %s", (url) => {
    expect(withSafeLinks(linked(url))).toEqual(linked(url));
  });

  it.each([
    ["http://localhost:3000/a.b", "http://localhost:3000/a.b"],
    ["https://user:pw.x@host/", "https://user:pw.x@host/"],
    ["mailto:a@example.com", "a@example.com"],
    ["tel:+123456", "+123456"],
    ["tg://user?id=42", "tg://user?id=42"],
    ["tg:user?id=42", "tg:user?id=42"],
  ])("has its address behind it where Telegram would drop or misread it: %s", (url, shown) => {
    expect(withSafeLinks(linked(url))).toEqual({ text: `see here (${shown}) now`, ranges: [] });
  });

  it("that is its own address is not followed by it again", () => {
    expect(
      withSafeLinks(formatted("at http://localhost", ["http://localhost", { type: "link", url: "http://localhost" }])),
    ).toEqual({
      text: "at http://localhost",
      ranges: [],
    });
  });

  it("moves what follows, and widens what surrounds it", () => {
    const source = formatted(
      "> a b c",
      ["> a b", { type: "quote" }],
      ["a", { type: "link", url: "http://one/" }],
      ["b", { type: "link", url: "http://two/" }],
      [" c", bold],
    );
    expect(render(source)).toEqual({
      text: "> a (http://one/) b (http://two/) c",
      entities: [
        { type: "blockquote", offset: 0, length: 33 },
        { type: "bold", offset: 33, length: 2 },
      ],
    });
    expect(measure(source)).toBe(35);
  });
});

describe("a mention", () => {
  const profile = (offset: number, name: string, length = name.length + 1) => ({
    type: "text_link",
    url: `https://t.me/${name}`,
    offset,
    length,
  });

  it.each<[string, object[]]>([
    ["hi @everyone!", [profile(3, "everyone")]],
    ["@bob_1, (@Alice)", [profile(0, "bob_1"), profile(9, "Alice")]],
    ["a/@name", [profile(2, "name")]],
    ["me@example.com", []],
    ["@abc", []],
    ["@日本", []],
    ["<@123456789012345678>", []],
    ["@2fast", []],
    [`@${"a".repeat(33)}`, []],
    ["https://medium.com/@name/post", []],
    ["medium.com/@name", []],
  ])("leads to a profile by a link that notifies nobody: %s", (text, entities) => {
    expect(render({ text, ranges: [] })).toEqual({ text, entities });
  });

  it.each<Format>([
    { type: "code" },
    { type: "pre" },
    { type: "link", url: "https://example.com/" },
    { type: "table", isRecords: false },
  ])("is left alone in %j, where Telegram looks for none", (format) => {
    const source = formatted("a @name b", ["@name", format]);
    expect(withSafeLinks(source)).toEqual(source);
  });

  it("keeps the formats around it", () => {
    expect(render(formatted("a @name b", ["a @name b", bold], ["@name", { type: "italic" }])).entities).toEqual([
      { type: "bold", offset: 0, length: 9 },
      profile(2, "name"),
      { type: "italic", offset: 2, length: 5 },
    ]);
  });

  it("that a format cuts is covered as far as the format goes", () => {
    expect(render(formatted("@naming", ["@name".slice(0, 4), bold])).entities).toContainEqual(profile(0, "naming", 4));
  });
});
