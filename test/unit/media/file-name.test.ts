import fc from "fast-check";
import { expect, test } from "vitest";
import { contentTypeOf } from "../../../src/media/content-type.ts";
import { extensionOf, givenName, nameFor } from "../../../src/media/file-name.ts";
import { sample } from "./samples.ts";

test.each<[url: string, disposition: string | undefined, name: string]>([
  ["https://e.com/a/cat.png?x=1.gif", undefined, "cat.png"],
  ["https://e.com/", undefined, ""],
  ["https://e.com/t/AbC/", undefined, "AbC"],
  ["https://e.com/%E7%8C%AB.png", undefined, "猫.png"],
  ["https://e.com/%ff%E7.png", undefined, "%ff%E7.png"],
  ["https://e.com/..%2F..%2Fetc%2Fpasswd", undefined, "passwd"],
  ["https://e.com/a%5Cb.png", undefined, "b.png"],
  ["https://e.com/1a.png~tplv-mdko3gqilj-image.image", undefined, "1a.png"],
  ["https://e.com/1a.xlsx~tplv-x.image?x-wf-file_name=%E8%A1%A8+1.xlsx", undefined, "表 1.xlsx"],
  ["https://e.com/a", "attachment; filename=report.pdf", "report.pdf"],
  ["https://e.com/a", 'attachment; filename="a; b \\"c\\".pdf"', "a; b _c_.pdf"],
  ["https://e.com/a", "attachment; filename=x.pdf; filename*=UTF-8''%E7%8C%AB.pdf", "猫.pdf"],
  ["https://e.com/a", `inline; filename="${Buffer.from("猫.pdf").toString("latin1")}"`, "猫.pdf"],
  ["https://e.com/a", 'inline; filename="caf\xe9.pdf"', "café.pdf"],
  ["https://e.com/a", 'attachment; filename="../../.ssh/id"', "id"],
  ["https://e.com/a", 'attachment; filename="...."', "a"],
  ["https://e.com/a", "attachment; filename=a%00b%0A%E2%80%AEgnp.exe", "abgnp.exe"],
  ["https://e.com/b.png", "attachment", "b.png"],
])("%s with %s is called %s", (url, disposition, name) => {
  expect(givenName(new URL(url), disposition)).toBe(name);
});

test.each([
  ["cat.png", "cat.jpg"],
  ["cat.JPEG", "cat.jpeg"],
  ["cat", "cat.jpg"],
  ["v1.2 final", "v1.2 final.jpg"],
  ["Version 1.5", "Version 1.5.jpg"],
  ["", "image.jpg"],
  ["page.html", "page.jpg"],
  ["猫".repeat(300), `${"猫".repeat(80)}.jpg`],
])("a photo called %s is sent as %s", (given, name) => {
  const type = contentTypeOf(sample("jpg"), "");
  expect(type && nameFor(type, given)).toBe(name);
});

test("no name holds a folder, a control character or a dot in front", () => {
  const name = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."./\\\0\n a\u202e:%é") }));
  fc.assert(
    fc.property(name, fc.option(name, { nil: undefined }), (path, disposition) => {
      const url = new URL(`https://e.com/${encodeURIComponent(path.replace(/\p{Surrogate}/gu, ""))}`);
      const given = givenName(url, disposition && `attachment; filename="${disposition}"`);
      expect(given).not.toMatch(/^\.|[/\\:*?"<>|]|\p{C}/u);
      expect(extensionOf(given)).toMatch(/^[a-z0-9]*$/);
    }),
  );
});
