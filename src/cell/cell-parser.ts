import type { CellFault, ParsedCell } from "./cell-value.ts";
import { refuse } from "./cell-value.ts";
import type { ColumnRules } from "./column-type.ts";
import { isText } from "./column-type.ts";
import { compareDecimals, compareText } from "./decimal.ts";
import { listed } from "./listed.ts";
import { parseOperand } from "./parse-operand.ts";
import { compilePattern, PATTERN_CELL_BYTES } from "./pattern.ts";
import { characters } from "./text.ts";

/** Bytes of a text cell in an indexed or unique column: a PostgreSQL index entry holds no more. */
const INDEXED_CELL_BYTES = 2500;

export type CellParser = (input: unknown) => ParsedCell;

type Check = (text: string) => CellFault | null;

/**
 * Makes the parser of one column's cells: whatever comes in, a canonical value or a fault, never an
 * exception. Make it once for a batch: it compiles the pattern and indexes the options.
 */
export function cellParser(rules: ColumnRules): CellParser {
  const checks = checksOf(rules);
  return (input) => {
    const parsed = parseOperand(rules.type, input);
    if (!parsed.ok) return parsed;
    if (parsed.value === null) {
      return rules.required ? refuse("REQUIRED", "A value is required.") : parsed;
    }
    if (typeof parsed.value !== "string") return parsed;
    for (const check of checks) {
      const fault = check(parsed.value);
      if (fault !== null) return fault;
    }
    return parsed;
  };
}

/** Rules speak of text: BOOLEAN and JSON cells have none but `required`. */
function checksOf(rules: ColumnRules): Check[] {
  const checks: Check[] = [];
  if (rules.min !== null || rules.max !== null) checks.push(rangeCheck(rules));
  if (rules.maxLength !== null) checks.push(lengthCheck(rules.maxLength));
  if (isText(rules.type) && (rules.unique || rules.indexed)) {
    checks.push(bytesCheck(INDEXED_CELL_BYTES, "an indexed or unique column"));
  }
  if (rules.pattern !== null) {
    checks.push(bytesCheck(PATTERN_CELL_BYTES, "a column with a pattern"));
    checks.push(patternCheck(rules.pattern));
  }
  if (rules.options !== null) checks.push(optionsCheck(rules.options));
  return checks;
}

function rangeCheck({ type, min, max }: ColumnRules): Check {
  const compare = type === "INTEGER" || type === "DECIMAL" ? compareDecimals : compareText;
  return (text) => {
    if (min !== null && compare(text, min) < 0) {
      return refuse("OUT_OF_RANGE", `Must be at least ${min}.`);
    }
    return max !== null && compare(text, max) > 0
      ? refuse("OUT_OF_RANGE", `Must be at most ${max}.`)
      : null;
  };
}

function lengthCheck(maxLength: number): Check {
  return (text) => {
    return text.length > maxLength && characters(text) > maxLength
      ? refuse("TOO_LONG", `Must have at most ${maxLength} characters.`)
      : null;
  };
}

function bytesCheck(bytes: number, where: string): Check {
  return (text) =>
    Buffer.byteLength(text) > bytes
      ? refuse("TOO_LARGE", `A cell of ${where} holds at most ${bytes} bytes of UTF-8.`)
      : null;
}

function patternCheck(pattern: string): Check {
  const compiled = compilePattern(pattern);
  const fault = refuse("PATTERN", `Must match the whole pattern ${shorten(pattern)}`);
  return (text) => (compiled.ok && compiled.matches(text) ? null : fault);
}

function optionsCheck(options: readonly string[]): Check {
  const allowed = new Set(options);
  const fault = refuse("NOT_AN_OPTION", `Must be one of ${listed(options)}.`);
  return (text) => (allowed.has(text) ? null : fault);
}

const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
