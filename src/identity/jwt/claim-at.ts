import { isStreamSafe } from "../../cell/normalized.ts";

/** What a JWT says, as JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The claim at a path such as `realm_access.roles`, or undefined.
 *
 * A claim's own name may hold dots, as a URL does: wherever the path can be read as a longer name, that name is looked
 * for first, so that `https://example.com/roles` needs no escaping. Only what the claims themselves hold is found,
 * never what every object inherits, and nothing inside of lists.
 */
export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const outer = ownClaim(claims, path.slice(0, dot));
    const found = isObject(outer) ? claimAt(outer, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The claim of this very name, or undefined. */
export function ownClaim(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** Whether the JSON is an object, and no list. */
export function isObject(json: unknown): json is Claims {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Text that a database can hold, and holds as another only if it is another: no control characters, no half ones. */
const TEXT = /^[^\p{Cc}\p{Cs}]+$/u;

/** The claim where it is text of 1 to `most` UTF-16 units, with no marks on marks without end, or null. */
export function textOf(claim: unknown, most: number): string | null {
  if (typeof claim !== "string" || claim.length > most) return null;
  return TEXT.test(claim) && isStreamSafe(claim) ? claim : null;
}
