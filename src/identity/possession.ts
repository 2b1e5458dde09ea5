import { createHash } from "node:crypto";
import type { RefusalReason } from "./credential.ts";

/** What a browser presents besides an access token, to show that it is the one that the token is bound to. */
export interface Possession {
  readonly binding: "COOKIE" | "DPOP";
  /** SHA-256 of the cookie, or of the thumbprint of the key that made the proof; null: nothing is presented. */
  readonly hash: Buffer | null;
  /** Why the proof proves nothing; null: it does. */
  readonly fault: RefusalReason | null;
}

/** What is kept of a cookie or of a thumbprint. */
export function possessionHash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
