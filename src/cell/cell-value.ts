export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * A cell in its one canonical form, as it is sent to the database and to callers.
 * TEXT and SELECT: NFC text. INTEGER: digits, `"-12"`. DECIMAL: digits without an exponent, in the
 * scale that was given, `"1.50"`. DATE: `"2024-02-29"`. DATETIME: `"2024-02-29T12:00:00.000Z"`.
 * BOOLEAN: a boolean. JSON: any JSON value. `null` is SQL's NULL, for JSON too.
 */
export type CellValue = JsonValue;

export const CELL_ERROR_CODES = [
  "WRONG_TYPE",
  "INVALID_TEXT",
  "TOO_LARGE",
  "TOO_DEEP",
  "TOO_LONG",
  "REQUIRED",
  "OUT_OF_RANGE",
  "PATTERN",
  "NOT_AN_OPTION",
] as const;

export type CellErrorCode = (typeof CELL_ERROR_CODES)[number];

export interface CellFault {
  readonly ok: false;
  readonly code: CellErrorCode;
  readonly message: string;
}

export type ParsedCell = { readonly ok: true; readonly value: CellValue } | CellFault;

export const accept = (value: CellValue): ParsedCell => ({ ok: true, value });

export const refuse = (code: CellErrorCode, message: string): CellFault => ({
  ok: false,
  code,
  message,
});

/** A cell holds at most so many bytes of UTF-8, a JSON cell of its compact text. */
export const CELL_BYTES = 64 * 1024;

/** A row holds at most so many bytes, as `cellBytes` counts them. */
export const ROW_BYTES = 256 * 1024;

/** What a canonical cell counts towards a row's limit: the bytes of its text. */
export function cellBytes(value: CellValue): number {
  if (value === null) return 0;
  return Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value));
}

const EXCERPT = 32;

/** A short, printable hint at a value, for a message: never the whole of a long one. */
export function excerpt(value: unknown): string {
  if (typeof value === "string") {
    const start = value.slice(0, EXCERPT).replace(/[\p{Cc}\p{Surrogate}]/gu, "\uFFFD");
    return value.length > EXCERPT ? `"${start}…"` : `"${start}"`;
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    return String(value);
  }
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}
