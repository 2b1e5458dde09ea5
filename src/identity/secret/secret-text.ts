import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * The text of a secret: a prefix and 92 letters and digits, which stand for the tenant's id (16 bytes), the
 * id of what the secret is of (16), a random secret (32) and a CRC-32 of all three (4), as one number in
 * base 62.
 *
 * It carries its tenant, so that every look-up names one; the prefix lets scanners find leaked secrets; the
 * checksum tells a typing error from what is not known, without asking the database.
 *
 * @module
 */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH = 92;
const SHAPE = new RegExp(`^[0-9A-Za-z]{${LENGTH}}$`);
const BYTES = { id: 16, secret: 32, checksum: 4 } as const;
const TOTAL = 2 * BYTES.id + BYTES.secret + BYTES.checksum;

/** What the text of a secret says, whether or not there is such a thing. */
export interface SecretText {
  readonly tenantId: string;
  readonly id: string;
  /** SHA-256 of the whole text: what is stored, and compared. */
  readonly hash: Buffer;
}

/** Makes the text of a new secret. It is shown once; only its hash is kept. */
export function newSecretText(
  prefix: string,
  { tenantId, id }: Omit<SecretText, "hash">,
): { text: string; hash: Buffer } {
  const body = Buffer.concat([bytesOf(tenantId), bytesOf(id), randomBytes(BYTES.secret)]);
  const text = prefix + toBase62(Buffer.concat([body, checksum(body)]));
  return { text, hash: hashOf(text) };
}

/** Reads the text of a secret; null where it is malformed or mistyped. */
export function parseSecretText(prefix: string, text: string): SecretText | null {
  const digits = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  const bytes = SHAPE.test(digits) ? fromBase62(digits) : null;
  if (!bytes) return null;
  const body = bytes.subarray(0, -BYTES.checksum);
  if (!checksum(body).equals(bytes.subarray(-BYTES.checksum))) return null;
  const [tenantId, id] = [uuidOf(body.subarray(0, BYTES.id)), uuidOf(body.subarray(BYTES.id))];
  return { tenantId, id, hash: hashOf(text) };
}

/**
 * Whether a presented hash is one of the stored ones, in a time that depends on neither.
 *
 * Where nothing is stored the same work is done in vain, so that an unknown secret takes as long as a known.
 */
export function matchesAny(presented: Buffer, stored: readonly (Uint8Array | null)[]): boolean {
  const matches = stored.map((hash) =>
    timingSafeEqual(presented, hash ?? Buffer.alloc(presented.length)),
  );
  return matches.some((isMatch, index) => isMatch && stored[index] !== null);
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function checksum(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(BYTES.checksum);
  bytes.writeUInt32BE(crc32(body));
  return bytes;
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidOf(bytes: Buffer): string {
  const digits = bytes.toString("hex", 0, BYTES.id);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function toBase62(bytes: Buffer): string {
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let place = 0; place < LENGTH; place += 1) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

/** Null for a number that is too large for the bytes, so that every secret has one spelling. */
function fromBase62(text: string): Buffer | null {
  let number = 0n;
  for (const digit of text) number = number * 62n + BigInt(DIGITS.indexOf(digit));
  const hex = number.toString(16).padStart(2 * TOTAL, "0");
  return hex.length === 2 * TOTAL ? Buffer.from(hex, "hex") : null;
}
