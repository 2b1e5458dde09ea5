import { type Claims, isObject, ownClaim, textOf } from "./claim-at.ts";

/** What a JWT says of itself, unproved: whoever wants to can write that. */
export interface UnprovedJwt {
  readonly header: Claims;
  readonly claims: Claims;
}

/** By what a trusted issuer and its user are looked up. */
export interface UnprovedClaims {
  readonly issuer: string;
  /** Null where there is none, or one that cannot name anybody. */
  readonly subject: string | null;
  readonly audiences: readonly string[];
}

/** In characters. What lists the groups of a user can be long; nobody's is longer. */
const LONGEST = 16 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads who a JWT says to be from, of whom and for whom, without proving it: by these the trusted issuer is looked up,
 * and its user. Null where it is no JWT or names no issuer.
 */
export function unprovedClaims(token: string): UnprovedClaims | null {
  const jwt = parseUnproved(token);
  const issuer = textOf(jwt && ownClaim(jwt.claims, "iss"), LONGEST);
  if (!jwt || issuer === null) return null;
  const audience = ownClaim(jwt.claims, "aud");
  const audiences = (Array.isArray(audience) ? audience : [audience]).flatMap(
    (one) => textOf(one, LONGEST) ?? [],
  );
  return { issuer, subject: textOf(ownClaim(jwt.claims, "sub"), LONGEST), audiences };
}

/**
 * Reads a signed JWT in its compact form (RFC 7515, section 7.1) without proving it; null where it is malformed or
 * longer than 16 KiB.
 *
 * Stricter than a JWT must be read: every part is spelt in the only way that base64url has for its bytes, and no name
 * stands twice in an object, lest another reader understand the same JWT otherwise (RFC 7519, section 4).
 */
export function parseUnproved(token: string): UnprovedJwt | null {
  if (token.length > LONGEST) return null;
  const parts = token.split(".");
  if (parts.length !== 3 || !parts.every(isCanonical)) return null;
  const [header, claims] = parts.map(parsePart);
  return header && claims ? { header, claims } : null;
}

/** Whatever else than base64url there is in a part, its bytes are not spelt with it. */
function isCanonical(part: string): boolean {
  return bytesOf(part).toString("base64url") === part;
}

function bytesOf(part: string): Buffer {
  return Buffer.from(part, "base64url");
}

/** Null where the part is no JSON object in UTF-8; neither is a signature. */
function parsePart(part: string): Claims | null {
  try {
    const text = utf8.decode(bytesOf(part));
    const json: unknown = JSON.parse(text);
    return isObject(json) && namesIn(text) === membersOf(json) ? json : null;
  } catch {
    return null;
  }
}

/** How many names stand in the JSON: what is in quotes, with a colon after it. */
function namesIn(json: string): number {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)].filter(([, colon]) => colon).length;
}

/** How many members the objects have that were read from it; where a name stood twice, the last is left. */
function membersOf(json: Claims): number {
  const inner: unknown[] = [json];
  let members = 0;
  for (const value of inner) {
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) members += Object.keys(value).length;
    inner.push(...Object.values(value));
  }
  return members;
}
