import { randomBytes } from "node:crypto";
import { uuidv7obj } from "uuidv7";

/** What an id can stand for, and the prefix that says so in its text. */
const PREFIXES = {
  Tenant: "tenant",
  Role: "role",
  Key: "key",
  Dataset: "dataset",
  Column: "column",
  Link: "link",
  Grant: "grant",
  Row: "row",
  Event: "event",
  RowImport: "import",
  User: "user",
  Session: "session",
  AccessToken: "token",
  TrustedIssuer: "issuer",
} as const;

/** The name of a type whose things have ids. */
export type Identified = keyof typeof PREFIXES;

/** The UUID of nothing (RFC 9562): stands where there is none to ask for. */
export const NIL_UUID = "00000000-0000-0000-0000-000000000000";

const TEXT = /^([a-z]+)_([0-9a-f]{32})$/;

/** The one text of an id: its type's prefix and the 32 hexadecimal digits of its UUID. */
export function encodeId(type: Identified, uuid: string): string {
  return `${PREFIXES[type]}_${uuid.replaceAll("-", "")}`;
}

/** What stands before the digits in the text of an id. */
export function idPrefix(type: Identified): string {
  return `${PREFIXES[type]}_`;
}

/** The UUID in the text of an id of this type; null for any other text. */
export function decodeId(type: Identified, text: string): string | null {
  const [, prefix, digits] = TEXT.exec(text) ?? [];
  return digits !== undefined && prefix === PREFIXES[type] ? hyphenated(digits) : null;
}

/** The type that the text of an id names; null where it names none. */
export function typeOfId(text: string): Identified | null {
  const prefix = TEXT.exec(text)?.[1];
  const [type] = Object.entries(PREFIXES).find(([, known]) => known === prefix) ?? [];
  return (type as Identified | undefined) ?? null;
}

/** A new UUIDv7 (RFC 9562): ordered by time, and within a millisecond by a counter. */
export function newUuid(): string {
  return uuidv7obj().toString();
}

/**
 * A new id for a row of the dataset with this tag.
 *
 * Still a UUIDv7: in place of its last 32 random bits stands the tag, so that a row's id alone leads to
 * its dataset. The 42 bits before them start at random in each millisecond and count on from there.
 */
export function newRowUuid(rowTag: number): string {
  return hyphenated(uuidv7obj().toHex().slice(0, 24) + rowTag.toString(16).padStart(8, "0"));
}

/** A tag for a new dataset. It is random, so that it does not tell how many datasets there are. */
export function newRowTag(): number {
  return randomBytes(4).readUInt32BE();
}

/** The tag of the dataset that a row's id leads to. */
export function rowTagOf(uuid: string): number {
  return Number.parseInt(uuid.slice(-8), 16);
}

/** By places: a regular expression takes as long as the rest of a row's id. */
function hyphenated(digits: string): string {
  const [first, second, third] = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16)];
  return `${first}-${second}-${third}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}
