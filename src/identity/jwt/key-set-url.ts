import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** The most characters of the URL of a key set. */
const LONGEST = 2000;

/**
 * Whether keys could be fetched from there: over https, or without encryption from this machine where private
 * addresses are allowed. Where a name leads is judged when they are fetched. Not with a password: it would be shown.
 */
export function isKeySetUrl(text: string, allowPrivate: boolean): boolean {
  if (text.length > LONGEST || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "") return false;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol === "https:") return allowPrivate || isIP(host) === 0 || isPublicAddress(host);
  return protocol === "http:" && allowPrivate && isLoopback(host);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
