import { BlockList, isIP } from "node:net";

/**
 * What is no address on the public Internet: this host, private networks, what a link or a provider has for itself
 * (`169.254.169.254` hands out the secrets of a cloud), documentation, multicast, and what stands for an IPv4 address
 * inside of an IPv6 one. From IANA's registries of special-purpose addresses (RFC 6890).
 *
 * A list for each family: in one list, `::/3` would hold every IPv4 address, as `::ffff:0:0/96` is within it.
 */
const RESERVED = {
  ipv4: listOf("ipv4", [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 3],
  ]),
  // Only 2000::/3 is given out to be reached from everywhere.
  ipv6: listOf("ipv6", [
    ["::", 3],
    ["2001::", 23],
    ["2001:db8::", 32],
    ["2002::", 16],
    ["3fff::", 20],
    ["4000::", 2],
    ["8000::", 1],
  ]),
} as const;

type Family = "ipv4" | "ipv6";

function listOf(family: Family, ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [start, bits] of ranges) list.addSubnet(start, bits, family);
  return list;
}

/** Whether an IP address is one on the public Internet; what is no IP address is not. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  return !RESERVED[family].check(address, family);
}
