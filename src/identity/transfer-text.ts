import { newSecretText, parseSecretText, type SecretText } from "./secret-text.ts";

/** What the text in a one-time URL begins with. */
const PREFIX = "fgt_";

/** Makes the text of the one-time URL of a transfer. It is shown once; only its hash is kept. */
export function newTransferText(tenantId: string, id: string): { text: string; hash: Buffer } {
  return newSecretText(PREFIX, { tenantId, id });
}

/** Reads the text of a one-time URL; null where it is malformed or mistyped. */
export function parseTransferText(text: string): SecretText | null {
  return parseSecretText(PREFIX, text);
}
