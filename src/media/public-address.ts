import { BlockList, isIP } from "node:net";

/**
 * Whether an IP address is one that anybody on the internet is reached at, and not a part of this machine, this network
 * or a cloud's inside (IANA's registries of special-purpose addresses). IPv6 addresses that hold an IPv4 address are
 * none: a translator could lead anywhere with them. Anything that is no IP address is not public.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !specialIpv4.check(address, "ipv4");
    case 6:
      return !address.includes("%") && globalIpv6.check(address, "ipv6") && !specialIpv6.check(address, "ipv6");
    default:
      return false;
  }
}

const specialIpv4 = listOf("ipv4", [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // behind a carrier's NAT; also where some clouds answer about a machine
  ["127.0.0.0", 8], // loopback
  ["168.63.129.16", 32], // inside of Azure
  ["169.254.0.0", 16], // link-local; where most clouds answer about a machine
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // relays of 6to4
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
]);

/** All that is given out for the internet. Loopback, link-local, unique-local, multicast and mapped ones lie outside. */
const globalIpv6 = listOf("ipv6", [["2000::", 3]]);

const specialIpv6 = listOf("ipv6", [
  ["2001::", 23], // protocol assignments, Teredo
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4
  ["3fff::", 20], // documentation
]);

function listOf(family: "ipv4" | "ipv6", subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
