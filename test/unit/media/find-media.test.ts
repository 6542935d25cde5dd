import { describe, expect, test } from "vitest";
import { findMedia } from "../../../src/media/find-media.ts";

describe("links to files", () => {
  test.each<[link: string, url: string]>([
    ["![a](https://e.com/picture)", "https://e.com/picture"],
    ['![](<https://e.com/a b.png> "title")', "https://e.com/a%20b.png"],
    ["![a](https://e.com/a\\_b?x=1&amp;y=2)", "https://e.com/a_b?x=1&y=2"],
    ["![a](https://e.com/a(1).png)", "https://e.com/a(1).png"],
    ["<img src='https://e.com/x' alt='a'>", "https://e.com/x"],
    ["[a](https://e.com/r.PDF?sign=1#p)", "https://e.com/r.PDF?sign=1#p"],
    ["<https://e.com/a.mp3>", "https://e.com/a.mp3"],
    ["https://e.com/图.png", "https://e.com/%E5%9B%BE.png"],
    ["https://s.coze.cn/t/l_y7A4s-Rv4/", "https://s.coze.cn/t/l_y7A4s-Rv4/"],
    [
      "https://p9-bot-workflow-sign.byteimg.com/tos-cn-i-x/a1?x-expires=1",
      "https://p9-bot-workflow-sign.byteimg.com/tos-cn-i-x/a1?x-expires=1",
    ],
    [
      "https://lf9-bot-platform-tos-sign.coze.cn/bot_files/1/blob",
      "https://lf9-bot-platform-tos-sign.coze.cn/bot_files/1/blob",
    ],
    ["https://lf-plugin-resouce.oceancloudapi.com/obj/a", "https://lf-plugin-resouce.oceancloudapi.com/obj/a"],
    [
      "[x](https://p3-x.byteimg.com/a.xlsx~tplv-m-image.image?x=1)",
      "https://p3-x.byteimg.com/a.xlsx~tplv-m-image.image?x=1",
    ],
  ])("%s is one", (link, url) => {
    const [found, ...others] = findMedia(`Look:\n${link}\nEnd`);
    expect(found).toMatchObject({ url, isComplete: true, start: 6, end: 6 + link.length });
    expect(others).toEqual([]);
  });

  test.each([
    "https://e.com/",
    "https://e.com",
    "https://e.com/page.html",
    "https://png",
    "https://e.com/.png",
    "[cat.png](https://e.com/cat)",
    "https://www.coze.cn/store/bot/1",
    "https://api.coze.cn/v1/files/a",
    "https://s.coze.cn/",
    "https://s.coze.cn/t/a/b",
    "https://s.coze.cn.e.com/t/abc/",
    "https://byteimg.com.e.com/a",
    "[short](https://s.coze.cn/t/abc/)",
    "see https://s.coze.cn/t/abc/",
    "![a](ftp://e.com/a.png)",
    "![a](file:///etc/passwd.png)",
    "![a](data:image/png;base64,iVBORw0KGgo=)",
    "![a](/a.png)",
    "![a](https://user:secret@e.com/a.png)",
    "![a](https://e.com:99999/a.png)",
    "\\![a](a) \\https://e.com/page",
    "`https://e.com/a.png`",
    "    ![a](https://e.com/a.png)",
    "<!-- ![a](https://e.com/a.png) -->",
  ])("%s is none", (link) => {
    expect(findMedia(link)).toEqual([]);
  });

  test("stand in order at their places, also in lists, quotations and tables", () => {
    const markdown =
      "# ![1](https://e.com/1)\n\n> q\n> - ![2](https://e.com/2)\n\n1. a\n   ```\n   ![3](https://e.com/3)\n   ```\n" +
      "   ![3](https://e.com/3)\n\n| a |\n|---|\n| `![4](https://e.com/4)` ![4](https://e.com/4) |\n\n**_![5](https://e.com/5)_**";
    const found = findMedia(markdown);
    expect(found.map(({ label }) => label)).toEqual(["1", "2", "3", "4", "5"]);
    for (const { label, start, end } of found) {
      const source = `![${label}](https://e.com/${label})`;
      expect(markdown.slice(start, end)).toBe(source);
      expect(start).toBe(markdown.lastIndexOf(source));
    }
  });

  test("are complete, in a growing text, as soon as nothing can make them another", () => {
    const markdown =
      "A ![a](https://e.com/a)\nhttps://e.com/b.png.\n\nhttps://s.coze.cn/t/abc/ \n[c](https://e.com/c.pdf) x";
    const complete = new Map<string, number>();
    for (let length = 0; length <= markdown.length; length += 1) {
      for (const { url, isComplete } of findMedia(markdown.slice(0, length), true)) {
        if (isComplete && !complete.has(url)) complete.set(url, length);
        if (complete.has(url)) expect(isComplete, markdown.slice(0, length)).toBe(true);
      }
    }
    const behind = (text: string) => markdown.indexOf(text) + text.length;
    expect([...complete]).toEqual([
      ["https://e.com/a", behind("e.com/a)")],
      ["https://e.com/b.png", behind("b.png.\n")],
      ["https://s.coze.cn/t/abc/", behind("abc/ \n")],
      ["https://e.com/c.pdf", behind("c.pdf)")],
    ]);
  });

  test("are looked for in hostile texts without an end of time or stack", () => {
    for (const unit of [
      "![",
      "[![a](",
      "https://e.com/",
      "![a](https://e.com/a) ",
      "<img ",
      "> - ",
      "`![a](b",
      "https://e.com/a.png\n",
    ]) {
      expect(findMedia(unit.repeat(20_000 / unit.length), true)).toBeInstanceOf(Array);
    }
  });
});
