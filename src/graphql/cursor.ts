import { createHmac, timingSafeEqual } from "node:crypto";
import type { Context } from "./context.ts";
import { InputError } from "./errors.ts";

/** What a place in a list consists of: the values of its order, the last of them unique. */
export type CursorParts = readonly (string | boolean | null)[];

/** Bytes of the signature. */
const SIGNATURE = 16;

/**
 * The text of a place in a list: the tenant, the values there, and a signature.
 *
 * The signature binds it to the tenant, the principal and `scope` (what is listed, in which order, by
 * which filter). The values are those that the reader was shown; they are signed and not secret.
 */
export function encodeCursor(context: Context, scope: string, parts: CursorParts): string {
  const body = Buffer.from(JSON.stringify([context.tenant?.id ?? null, ...parts]));
  return Buffer.concat([sign(context, scope, body), body]).toString("base64url");
}

/**
 * Reads the text of a place.
 *
 * @throws {InputError} in the same words for a text that is no cursor, was altered, or belongs to
 *   another tenant, principal, list, order or filter.
 */
export function decodeCursor(context: Context, scope: string, text: string): CursorParts {
  const bytes = Buffer.from(text, "base64url");
  const [signature, body] = [bytes.subarray(0, SIGNATURE), bytes.subarray(SIGNATURE)];
  const isWhole = signature.length === SIGNATURE && bytes.toString("base64url") === text;
  // Of no tenant there is no list, and no secret to sign its cursors with.
  if (!context.tenant || !isWhole || !timingSafeEqual(signature, sign(context, scope, body))) {
    throw new InputError(
      "The cursor does not belong to this query. Take one from an answer to the same query, with the same key, order and filter.",
    );
  }
  const [, ...parts] = JSON.parse(body.toString()) as CursorParts;
  return parts;
}

function sign(context: Context, scope: string, body: Uint8Array): Buffer {
  const { tenant, rights } = context;
  return createHmac("sha256", tenant?.cursorKey ?? "")
    .update(JSON.stringify([tenant?.id ?? null, rights.principal.id, scope]))
    .update(body)
    .digest()
    .subarray(0, SIGNATURE);
}
