import { cellParser } from "./cell-parser.ts";
import type { CellValue } from "./cell-value.ts";
import { CELL_BYTES } from "./cell-value.ts";
import { isName } from "./column-name.ts";
import type { ColumnRules, ColumnType } from "./column-type.ts";
import { isRanged } from "./column-type.ts";
import { compareDecimals, compareText } from "./decimal.ts";
import { parseOperand } from "./parse-operand.ts";
import { compilePattern } from "./pattern.ts";
import { characters } from "./text.ts";

/** A column as a caller describes it: what is absent or null is not set. */
export interface ColumnDraft {
  readonly name: string;
  readonly type: ColumnType;
  readonly required?: boolean | null | undefined;
  readonly unique?: boolean | null | undefined;
  readonly indexed?: boolean | null | undefined;
  readonly default?: unknown;
  readonly min?: unknown;
  readonly max?: unknown;
  readonly maxLength?: number | null | undefined;
  readonly pattern?: string | null | undefined;
  readonly options?: readonly string[] | null | undefined;
  /** The values of another column are this one's options. */
  readonly hasOptionSource?: boolean | undefined;
}

/** A column that agrees with itself, its values in canonical form. */
export interface CheckedColumn extends ColumnRules {
  readonly default: CellValue;
}

export interface ColumnFault {
  readonly field: Exclude<keyof ColumnDraft, "type" | "hasOptionSource">;
  readonly message: string;
}

export type ParsedColumn =
  | { readonly ok: true; readonly column: CheckedColumn }
  | { readonly ok: false; readonly faults: readonly ColumnFault[] };

export const MAX_OPTIONS = 1000;
export const OPTION_LENGTH = 1000;

/** The most columns of a dataset. */
export const MOST_COLUMNS = 1000;

/** Parses a column's definition against itself; every fault at once. */
export function parseColumn(draft: ColumnDraft): ParsedColumn {
  const faults: ColumnFault[] = [];
  const report = (field: ColumnFault["field"], message: string): null => {
    faults.push({ field, message });
    return null;
  };
  if (!isName(draft.name)) {
    report("name", "A name has 1 to 63 of a-z, 0-9 and _, and begins with a letter.");
  }
  const rules: ColumnRules = {
    name: draft.name,
    type: draft.type,
    required: draft.required ?? false,
    ...parseKeys(draft, report),
    ...parseRange(draft, report),
    maxLength: parseMaxLength(draft, report),
    pattern: parsePattern(draft, report),
    options: parseOptions(draft, report),
  };
  if (faults.length > 0) return { ok: false, faults };
  // Null is no default, also of a required column.
  const parsed = cellParser({ ...rules, required: false })(draft.default);
  return parsed.ok
    ? { ok: true, column: { ...rules, default: parsed.value } }
    : { ok: false, faults: [{ field: "default", message: parsed.message }] };
}

type Report = (field: ColumnFault["field"], message: string) => null;

function parseKeys(draft: ColumnDraft, report: Report): Pick<ColumnRules, "unique" | "indexed"> {
  const unique = draft.unique ?? false;
  const indexed = draft.indexed ?? false;
  if (draft.type === "JSON" && unique) report("unique", "A JSON column cannot be unique.");
  if (draft.type === "JSON" && indexed) report("indexed", "A JSON column cannot be indexed.");
  return { unique, indexed };
}

function parseRange(draft: ColumnDraft, report: Report): Pick<ColumnRules, "min" | "max"> {
  const min = parseBound(draft, "min", report);
  const max = parseBound(draft, "max", report);
  const isNumber = draft.type === "INTEGER" || draft.type === "DECIMAL";
  const compare = isNumber ? compareDecimals : compareText;
  if (min !== null && max !== null && compare(min, max) > 0) {
    report("min", "min must not be greater than max.");
  }
  return { min, max };
}

function parseBound(draft: ColumnDraft, field: "min" | "max", report: Report): string | null {
  const bound = draft[field] ?? null;
  if (bound === null) return null;
  if (!isRanged(draft.type)) {
    return report(field, `${field} is for INTEGER, DECIMAL, DATE and DATETIME columns.`);
  }
  const parsed = parseOperand(draft.type, bound);
  if (!parsed.ok) return report(field, parsed.message);
  return typeof parsed.value === "string" ? parsed.value : null;
}

function parseMaxLength(draft: ColumnDraft, report: Report): number | null {
  const maxLength = draft.maxLength ?? null;
  if (maxLength === null) return null;
  if (draft.type !== "TEXT") return report("maxLength", "maxLength is for TEXT columns.");
  return Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= CELL_BYTES
    ? maxLength
    : report("maxLength", `maxLength is a whole number from 1 to ${CELL_BYTES}.`);
}

function parsePattern(draft: ColumnDraft, report: Report): string | null {
  const pattern = draft.pattern ?? null;
  if (pattern === null) return null;
  if (draft.type !== "TEXT") return report("pattern", "pattern is for TEXT columns.");
  const text = parseOperand("TEXT", pattern);
  const compiled = compilePattern(pattern);
  if (!text.ok) return report("pattern", text.message);
  return compiled.ok ? pattern : report("pattern", compiled.message);
}

function parseOptions(draft: ColumnDraft, report: Report): readonly string[] | null {
  const options = draft.options ?? null;
  const hasSource = draft.hasOptionSource ?? false;
  if (draft.type !== "SELECT") {
    return options === null ? null : report("options", "options are for SELECT columns.");
  }
  if (options === null) {
    return hasSource
      ? null
      : report("options", "A SELECT column needs options, or a column to take them from.");
  }
  if (hasSource) return report("options", "Give options or a column to take them from, not both.");
  return canonicalOptions(options, report);
}

function canonicalOptions(options: readonly string[], report: Report): readonly string[] | null {
  if (options.length < 1 || options.length > MAX_OPTIONS) {
    return report("options", `A SELECT column has 1 to ${MAX_OPTIONS} options.`);
  }
  const parsed = options.map((option) => parseOperand("SELECT", option));
  const texts = parsed.flatMap((option) =>
    option.ok && typeof option.value === "string" ? [option.value] : [],
  );
  if (texts.length < options.length || texts.some((text) => characters(text) > OPTION_LENGTH)) {
    return report("options", `An option is valid text of at most ${OPTION_LENGTH} characters.`);
  }
  return new Set(texts).size === texts.length
    ? texts
    : report("options", "An option is listed more than once.");
}
