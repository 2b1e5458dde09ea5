import { createHash } from "node:crypto";
import type { RefusalReason } from "../credential.ts";

/** What a browser presents besides an access token, to show that it is the one that the token is bound to. */
export type Possession = Cookie | Proved;

/** A cookie. */
interface Cookie {
  readonly binding: "COOKIE";
  readonly hash: Buffer;
  readonly fault: null;
  /** The cookie itself, where the browser brought none and is to be given it with the token's first use. */
  readonly made: string | null;
}

/** A proof that the browser holds a key (RFC 9449). */
interface Proved {
  readonly binding: "DPOP";
  /** Null: the proof proves nothing. */
  readonly hash: Buffer | null;
  readonly fault: RefusalReason | null;
  /** What its replay is told by. */
  readonly proof: { readonly idHash: Buffer; readonly issuedAt: Date } | null;
}

/** What is kept of a cookie or of a thumbprint. */
export function possessionHash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
