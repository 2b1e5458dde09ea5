/** Of an address what tells networks apart: of IPv6 the first half, since one customer has all of the other. */
export function blockOf(ip: string | null): string | null {
  return ip?.includes(":") ? ip.split(":").slice(0, 4).join(":") : ip;
}
