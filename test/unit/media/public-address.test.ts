import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../../src/media/public-address.ts";

describe("an address", () => {
  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2400:3200::1",
  ])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    ...["0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16"],
    ...["169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1"],
    ...["255.255.255.255", "::", "::1", "::ffff:1.1.1.1", "::ffff:7f00:1", "::7f00:1", "64:ff9b::1.1.1.1", "100::1"],
    ...["fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001::1", "2001:db8::1"],
    ...[
      "2002:7f00:1::",
      "3fff::1",
      "5f00::1",
      "2606:4700::1111%eth0",
      "",
      "localhost",
      "127.1",
      "0x7f000001",
      "1.1.1.1 ",
    ],
  ])("%s is not public", (address) => expect(isPublicAddress(address)).toBe(false));

  test("in IPv4 is public exactly outside of the special blocks", () => {
    fc.assert(
      fc.property(ipv4, (number) => {
        expect(isPublicAddress(dotted(number)), dotted(number)).toBe(!isSpecial(number));
      }),
      { numRuns: 2000 },
    );
  });

  test("in IPv6 is never public when it lies outside of 2000::/3, however it is written", () => {
    fc.assert(
      fc.property(groups, fc.boolean(), ([first = 0, ...others], isLong) => {
        const address = written([first, ...others], isLong);
        expect(isIPv6(address)).toBe(true);
        const isOrdinary = first >= 0x2003 && first < 0x3fff;
        const isOutside = first < 0x2000 || first >= 0x4000;
        if (isOrdinary) expect(isPublicAddress(address), address).toBe(true);
        if (isOutside) expect(isPublicAddress(address), address).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("in IPv6 that holds one of IPv4 is never public", () => {
    fc.assert(
      fc.property(ipv4, fc.constantFrom("::ffff:", "::", "64:ff9b::", "64:ff9b:1::", "::ffff:0:"), (number, prefix) => {
        expect(isPublicAddress(prefix + dotted(number))).toBe(false);
      }),
    );
  });
});

/** IANA IPv4 Special-Purpose Address Registry, multicast, and the inside of Azure. */
const blocks: readonly (readonly [string, number])[] = [
  ...([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
  ] as const),
  ...([
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
  ] as const),
  ...([
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 3],
    ["168.63.129.16", 32],
  ] as const),
];

function isSpecial(number: number): boolean {
  return blocks.some(
    ([network, prefix]) =>
      Math.floor(number / 2 ** (32 - prefix)) === Math.floor(numberOf(network) / 2 ** (32 - prefix)),
  );
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** Any address, and often one at the edge of a block. */
const ipv4 = fc.oneof(
  fc.nat(0xff_ff_ff_ff),
  fc
    .tuple(fc.constantFrom(...blocks), fc.constantFrom(-1, 0, 1), fc.boolean())
    .map(([[network, prefix], step, isEnd]) => {
      const edge = numberOf(network) + (isEnd ? 2 ** (32 - prefix) - 1 : 0) + step;
      return Math.min(Math.max(edge, 0), 0xff_ff_ff_ff);
    }),
);

const group = fc.oneof(fc.nat(0xffff), fc.constant(0));
const groups = fc
  .tuple(
    fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0xfc00, 0xfdff, 0xfe80, 0xff02, 0x1fff, 0x2003, 0x3ffe, 0x4000)),
    fc.array(group, { minLength: 7, maxLength: 7 }),
  )
  .map(([first, others]) => [first, ...others]);

function written(parts: readonly number[], isLong: boolean): string {
  const long = parts.map((part) => part.toString(16).padStart(isLong ? 4 : 1, "0")).join(":");
  return isLong ? long.toUpperCase() : new URL(`http://[${long}]`).hostname.slice(1, -1);
}
