import { newSecretText, parseSecretText } from "./secret-text.ts";

/** What the text of an API key begins with. */
const PREFIX = "fgk_";

/** What the text of a key says, whether or not such a key exists. */
export interface KeyText {
  readonly tenantId: string;
  readonly keyId: string;
  /** SHA-256 of the whole text: what is stored, and compared. */
  readonly hash: Buffer;
}

/** Makes the text of a key with a new secret. It is shown once; only its hash is kept. */
export function newKeyText(tenantId: string, keyId: string): { text: string; hash: Buffer } {
  return newSecretText(PREFIX, { tenantId, id: keyId });
}

/** Reads the text of a key; null where it is malformed or mistyped. */
export function parseKeyText(text: string): KeyText | null {
  const parsed = parseSecretText(PREFIX, text);
  return parsed && { tenantId: parsed.tenantId, keyId: parsed.id, hash: parsed.hash };
}
