import { lookup as systemLookup } from "node:dns";
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestEncrypted } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

/** Reads what is at a URL as text, or throws; whatever it has not read when the signal comes, it gives up. */
export type FetchText = (url: URL, signal: AbortSignal) => Promise<string>;

/** Where keys may be fetched from. */
export interface Reachable {
  /** Whether private addresses may be asked, and those alone without encryption. */
  readonly allowPrivate: boolean;
  /** How names are resolved: all addresses of one. */
  readonly lookup?: typeof systemLookup;
}

/** In bytes. */
const LONGEST = 1024 * 1024;

/**
 * Fetches from where a tenant says, and so never from inside of the network that the server is in unless that is
 * allowed. It is the address to connect to that is judged, once a name is resolved: a name that leads elsewhere each
 * time it is asked for gains nothing. No redirect is followed, and nothing unpacked.
 *
 * Each fetch has a connection of its own: one that is kept open was judged for somebody else.
 */
export function fetchFrom({ allowPrivate, lookup = systemLookup }: Reachable): FetchText {
  return async (url, signal) => {
    const isEncrypted = url.protocol === "https:";
    if (!isEncrypted && url.protocol !== "http:") throw new Error("Neither https nor http.");
    const isAllowed = (address: string) => (isPublicAddress(address) ? isEncrypted : allowPrivate);
    // An address in the place of a name is not looked up.
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    if (isIP(host) !== 0 && !isAllowed(host)) throw new Error(NOT_ALLOWED);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = isEncrypted ? requestEncrypted : requestPlain;
      const options = { agent: false, signal, headers: HEADERS, lookup: judged(lookup, isAllowed) };
      request(url, options, resolve).on("error", reject).end();
    });
    return await bodyOf(answer);
  };
}

const HEADERS = { accept: "application/jwk-set+json, application/json", "user-agent": "fieldgate" };

const NOT_ALLOWED = "The address is private, or public and to be asked without encryption.";

/** A resolver that finds a name only where every address of it is allowed. */
function judged(
  lookup: typeof systemLookup,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  return (host, options, found) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return found(error ?? new Error("No address."), "");
      if (!addresses.every(({ address }) => isAllowed(address)))
        return found(new Error(NOT_ALLOWED), "");
      return options.all ? found(null, addresses) : found(null, first.address, first.family);
    });
  };
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new Error(`Answered ${answer.statusCode}.`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST) throw new Error(`Answered more than ${LONGEST} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
