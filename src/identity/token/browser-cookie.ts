import { randomBytes } from "node:crypto";
import { cookiesNamed } from "../cookies.ts";

/**
 * What the cookie is called. The prefix keeps hosts beside ours, and connections that are not secure, from setting it
 * in our place (RFC 6265bis, section 4.1.3.2).
 */
const NAME = "__Host-fieldgate";

/** 256 random bits, in base64url. */
const FORM = /^[\w-]{43}$/;

/** The cookie of a browser; null where it brings none of the right form. */
export function browserCookie(headers: Headers): string | null {
  return cookiesNamed(headers, NAME).find((value) => FORM.test(value)) ?? null;
}

/** Makes the cookie of a browser that has none. */
export function newBrowserCookie(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * Has a browser keep the cookie until it is closed. Pages of other sites send it too, each a cookie of its own, since
 * browsers keep it apart by the site in the address bar: docs/decisions/023-browser-cookie.md.
 */
export function setCookie(value: string): string {
  return `${NAME}=${value}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned`;
}
