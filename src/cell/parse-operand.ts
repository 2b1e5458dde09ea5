import type { ParsedCell } from "./cell-value.ts";
import { accept, excerpt, refuse } from "./cell-value.ts";
import type { ColumnType } from "./column-type.ts";
import { isDate, parseDateTime } from "./date-time.ts";
import { compareDecimals, DECIMAL_DIGITS, parseDecimal } from "./decimal.ts";
import { normalized } from "./normalized.ts";
import { parseJson } from "./parse-json.ts";
import { lengthFault, sizeFault, textFault } from "./text.ts";

const MIN_INTEGER = "-9223372036854775808";
const MAX_INTEGER = "9223372036854775807";

const PARSERS: Record<ColumnType, (input: unknown) => ParsedCell> = {
  TEXT: parseText,
  SELECT: parseText,
  INTEGER: parseInteger,
  DECIMAL: parseDecimalCell,
  BOOLEAN: parseBoolean,
  DATE: parseDate,
  DATETIME: parseDateTimeCell,
  JSON: parseJson,
};

/**
 * Brings a value to the canonical form of a column type, without the rules of a column: for the
 * operands of filters, and for what `cellParser` checks further. Null and undefined are null.
 */
export function parseOperand(type: ColumnType, input: unknown): ParsedCell {
  return input === null || input === undefined ? accept(null) : PARSERS[type](input);
}

function parseText(input: unknown): ParsedCell {
  if (typeof input !== "string") return wrong("text", input);
  const tooLong = lengthFault(input);
  if (tooLong) return tooLong;
  const text = normalized(input, "NFC");
  return textFault(text) ?? sizeFault(text) ?? accept(text);
}

function parseInteger(input: unknown): ParsedCell {
  if (typeof input === "number") {
    return Number.isSafeInteger(input) ? accept(String(input + 0)) : wrongInteger(input);
  }
  if (typeof input !== "string" || !/^-?(?:0|[1-9]\d*)$/.test(input)) return wrongInteger(input);
  const text = input === "-0" ? "0" : input;
  const inRange =
    compareDecimals(text, MIN_INTEGER) >= 0 && compareDecimals(text, MAX_INTEGER) <= 0;
  return inRange
    ? accept(text)
    : refuse("OUT_OF_RANGE", `An INTEGER lies between ${MIN_INTEGER} and ${MAX_INTEGER}.`);
}

const wrongInteger = (input: unknown): ParsedCell =>
  wrong("a whole number: a JSON number up to ±9007199254740991, or its digits as a string", input);

function parseDecimalCell(input: unknown): ParsedCell {
  if (typeof input !== "number" && typeof input !== "string") return wrongDecimal(input);
  const parsed = parseDecimal(String(input));
  if (parsed.ok) return accept(parsed.text);
  return parsed.fault === "SYNTAX"
    ? wrongDecimal(input)
    : refuse(
        "OUT_OF_RANGE",
        `A DECIMAL has at most ${DECIMAL_DIGITS} digits before its point and ${DECIMAL_DIGITS} after it.`,
      );
}

const wrongDecimal = (input: unknown): ParsedCell =>
  wrong('a number, or a string such as "-12.50"', input);

function parseBoolean(input: unknown): ParsedCell {
  return typeof input === "boolean" ? accept(input) : wrong("true or false", input);
}

function parseDate(input: unknown): ParsedCell {
  return typeof input === "string" && isDate(input)
    ? accept(input)
    : wrong("a date of the calendar, YYYY-MM-DD, from 0001 to 9999", input);
}

const DATETIME_FAULTS = {
  SYNTAX: "WRONG_TYPE",
  PRECISION: "OUT_OF_RANGE",
  RANGE: "OUT_OF_RANGE",
} as const;

const DATETIME_MESSAGES = {
  SYNTAX: "Expected a date and time with a zone, such as 2024-02-29T12:00:00Z",
  PRECISION: "A DATETIME has milliseconds: at most 3 digits after the seconds",
  RANGE: "Expected a time that exists, in the years 0001 to 9999 (UTC)",
} as const;

function parseDateTimeCell(input: unknown): ParsedCell {
  const parsed =
    typeof input === "string" ? parseDateTime(input) : ({ ok: false, fault: "SYNTAX" } as const);
  if (parsed.ok) return accept(parsed.text);
  const message = `${DATETIME_MESSAGES[parsed.fault]}, got ${excerpt(input)}.`;
  return refuse(DATETIME_FAULTS[parsed.fault], message);
}

const wrong = (expected: string, input: unknown): ParsedCell =>
  refuse("WRONG_TYPE", `Expected ${expected}, got ${excerpt(input)}.`);
