import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { cookiesNamed } from "../cookies.ts";

/** How long a device is known after a login, in milliseconds: 180 days. */
const LASTS_MS = 180 * 24 * 60 * 60 * 1_000;

/** Of whom a mark says that a login was made from the device that holds it. */
export interface MarkedUser {
  readonly userId: string;
  /** What is stored of the user's password: with another one the marks are worth nothing. */
  readonly passwordHash: string | null;
  /** Signs the marks of the tenant. */
  readonly key: Uint8Array;
}

/**
 * Marks a device after a login, so that whoever tries the account from elsewhere does not lock its owner out there. It
 * proves nothing else, is kept nowhere, and is worth nothing with another account.
 *
 * @param deviceId Of a device that is marked already: it has no more attempts by another mark.
 */
export function newDeviceMark(user: MarkedUser, deviceId: string | null, now: Date): string {
  const body = [deviceId ?? randomUUID(), (now.getTime() + LASTS_MS).toString(36)].join(".");
  return `fgd_${body}.${signature(user, body)}`;
}

/** The id of the device that a mark stands for; null where it is not a mark of this user, or is too old. */
export function markedDevice(user: MarkedUser, mark: string, now: Date): string | null {
  const [, id, until, signed] =
    /^fgd_([0-9a-f-]{36})\.([0-9a-z]{1,12})\.([\w-]{43})$/.exec(mark) ?? [];
  if (id === undefined || until === undefined || signed === undefined) return null;
  const due = Buffer.from(signature(user, `${id}.${until}`));
  if (!timingSafeEqual(due, Buffer.from(signed))) return null;
  return Number.parseInt(until, 36) > now.getTime() ? id : null;
}

function signature({ userId, passwordHash, key }: MarkedUser, body: string): string {
  const text = JSON.stringify(["device", userId, passwordHash, body]);
  return createHmac("sha256", key).update(text).digest("base64url");
}

/** What the cookie is called that keeps the mark, where a browser logs in by itself. */
const COOKIE = "__Host-fieldgate-device";

/** The mark that a browser brings as a cookie; null where it brings none. */
export function broughtMark(headers: Headers): string | null {
  return cookiesNamed(headers, COOKIE)[0] ?? null;
}

/** Has a browser keep a mark, for pages of the API's own site alone. */
export function keptMark(mark: string): string {
  return `${COOKIE}=${mark}; Path=/; Max-Age=${LASTS_MS / 1_000}; HttpOnly; Secure; SameSite=Strict`;
}
