import { describe, expect, test } from "vitest";
import { readMediaHosts } from "../../../src/config/media-hosts.ts";
import { Settings } from "../../../src/config/settings.ts";

describe("servers of the operator's own network", () => {
  test("are none by default", () => {
    expect(read(undefined).allows).toBeUndefined();
  });

  test.each([
    [
      "a host is meant on the usual ports",
      "minio.lan",
      [
        ["minio.lan", 80, true],
        ["minio.lan", 443, true],
        ["minio.lan", 9000, false],
      ],
    ],
    [
      "a port is that one alone",
      "127.0.0.1:9000",
      [
        ["127.0.0.1", 9000, true],
        ["127.0.0.1", 80, false],
        ["127.0.0.2", 9000, false],
      ],
    ],
    [
      "case and blanks don't matter",
      " MinIO.lan:9000 , 10.0.0.5 ",
      [
        ["minio.lan", 9000, true],
        ["10.0.0.5", 443, true],
      ],
    ],
    [
      "IPv6 stands in brackets",
      "[fd00::5]:9000",
      [
        ["fd00::5", 9000, true],
        ["fd00::5", 443, false],
      ],
    ],
  ] as const)("%s", (_what, value, questions) => {
    const { allows, problems } = read(value);
    expect(problems).toEqual([]);
    for (const [host, port, isAllowed] of questions)
      expect([host, port, allows?.(host, port)]).toEqual([host, port, isAllowed]);
  });

  test.each(["http://minio.lan:9000", "minio.lan:99999", "minio.lan:9000/bucket", "fd00::5", "a b"])(
    "can't be %s",
    (value) => {
      const { allows, problems } = read(value);
      expect(allows).toBeUndefined();
      expect(problems).toMatchObject([
        { variable: "MEDIA_PRIVATE_HOSTS", next: "For example minio.lan:9000,192.168.1.20." },
      ]);
    },
  );
});

function read(value: string | undefined) {
  const settings = new Settings({ MEDIA_PRIVATE_HOSTS: value });
  return { allows: readMediaHosts(settings), problems: settings.problems };
}
