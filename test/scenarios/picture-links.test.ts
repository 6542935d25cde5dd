import { afterAll, expect, it } from "vitest";
import { say } from "../../src/playground/coze/index.ts";
import { leadingTo, startLinkServer } from "../support/link-server.ts";
import { expectSeen, linked } from "../support/linked-files.ts";
import { describeEachPlatform } from "../support/world.ts";

const outside = await startLinkServer();
/** Whatever would be called at a port of the web, wherever that is, comes here. */
const inside = await startLinkServer();
afterAll(() => Promise.all([outside.close(), inside.close()]));

const webPorts = new URL(`../support/web-ports.mjs?port=${inside.port}`, import.meta.url);
const environment = {
  NODE_OPTIONS: `--import=${webPorts.href}`,
  MEDIA_PRIVATE_HOSTS: `${outside.host},192.168.77.7`,
};

/** What no answer may make the bridge call. */
const forbidden: readonly (readonly [title: string, base: string])[] = [
  ["the machine itself", "http://127.0.0.1"],
  ["the machine itself, over TLS", "https://127.0.0.1"],
  ["the machine itself on a port that is not allowed", `http://127.0.0.1:${inside.port}`],
  ["the machine itself as one number", "http://2130706433"],
  ["the machine itself in hexadecimal", "http://0x7f.0x1"],
  ["any address of the machine", "http://0.0.0.0"],
  ["the machine itself by IPv6", "http://[::1]"],
  ["the machine itself by IPv6 on a port that is not allowed", `http://[::1]:${inside.port}`],
  ["the machine itself by an IPv4 address in IPv6", "http://[::ffff:127.0.0.1]"],
  ["the machine itself by name", "http://localhost"],
  ["the machine itself by name on a port that is not allowed", `http://localhost:${inside.port}`],
  ["a private network", "http://10.0.0.1"],
  ["another private network", "http://192.168.1.1"],
  ["a private network of IPv6", "http://[fd00::1]"],
  ["the inside of a cloud", "http://169.254.169.254"],
  ["link-local addresses of IPv6", "http://[fe80::1]"],
  ["a carrier's network", "http://100.64.0.1"],
];

describeEachPlatform(
  "A link that leads to a place that is not on the internet stays a link",
  { environment },
  (world) => {
    async function expectRefused(link: string, words: unknown): Promise<void> {
      const somebody = world().someone();
      const before = inside.connections;
      world().coze.answer = () => say(`![The moon](${link})\n\nNice.`);
      world().chat.say(somebody.person, somebody.room, "Show me the moon.");
      await expectSeen(world(), somebody, [words]);
      expect(inside.connections).toBe(before);
    }

    it.each(forbidden)("%s", async (_title, base) => {
      await expectRefused(`${base}/moon.png`, expect.stringMatching(/^The moon.*\n\nNice\.$/));
    });

    it.each(forbidden)("%s, where another server leads to it", async (_title, base) => {
      const link = outside.link("moon.png", leadingTo(`${base}/moon.png`));
      await expectRefused(link, "The moon\n\nNice.");
      expect(outside.timesOpened(link)).toBe(1);
    });

    it("but what the operator allows is called", async () => {
      const somebody = world().someone();
      const { pathname } = new URL(inside.link("moon.png", linked.moon));
      world().coze.answer = () => say(`Look:\n\n![The moon](http://192.168.77.7${pathname})\n\nNice.`);
      world().chat.say(somebody.person, somebody.room, "Show me the moon.");
      await expectSeen(world(), somebody, ["Look:", "[moon]", "Nice."]);
      expect(inside.requests.at(-1)).toBe(`192.168.77.7${pathname}`);
    });
  },
);
