import { createHmac } from "node:crypto";

/** How many bytes a key of events has at least. */
export const EVENT_KEY_BYTES = 32;

/** The key under which events are sealed. It is kept outside the database, and never leaves this object. */
export interface EventKey {
  /** Tells the keys of deployments apart, and nothing of them. */
  readonly id: string;
  /** HMAC-SHA-256 of parts, which no other parts share. */
  readonly sign: (...parts: readonly (string | null)[]) => Buffer;
}

/**
 * Makes the key of its bytes.
 *
 * @throws {RangeError} for fewer than {@link EVENT_KEY_BYTES}.
 */
export function eventKeyOf(bytes: Uint8Array): EventKey {
  if (bytes.length < EVENT_KEY_BYTES) throw new RangeError("The key of events is too short.");
  const sign = (...parts: readonly (string | null)[]) =>
    createHmac("sha256", bytes).update(JSON.stringify(parts)).digest();
  return { id: sign("key").toString("hex", 0, 8), sign };
}
