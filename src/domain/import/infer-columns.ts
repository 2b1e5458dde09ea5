import type { ColumnType } from "../../cell/column-type.ts";
import { parseOperand } from "../../cell/parse-operand.ts";
import { MOST_COLUMNS } from "../../cell/parse-column.ts";
import { ImportError } from "../../records/import-error.ts";
import {
  excerptOf,
  type SourceCell,
  type SourceFormat,
  WrittenNumber,
} from "../../records/source-record.ts";
import { headerFault } from "./source-columns.ts";

/** What a cell, or all cells of a column so far, could be; null where there is no value yet. */
export type Evidence = Exclude<ColumnType, "SELECT"> | null;

/**
 * The narrowest type that holds both. A semilattice: the order of a file's records does not
 * matter. JSON holds everything, TEXT everything but lists and objects, DECIMAL every INTEGER.
 */
export function unify(a: Evidence, b: Evidence): Evidence {
  if (a === b || b === null) return a;
  if (a === null) return b;
  if (a === "JSON" || b === "JSON") return "JSON";
  const areNumbers = isNumber(a) && isNumber(b);
  return areNumbers ? "DECIMAL" : "TEXT";
}

const isNumber = (type: Evidence): boolean => type === "INTEGER" || type === "DECIMAL";

/** The narrowest type of one cell. Strings of JSON files are never taken for numbers. */
export function evidenceOf(format: SourceFormat, cell: SourceCell): Evidence {
  if (cell === null) return null;
  if (cell instanceof WrittenNumber) return numberEvidence(cell.text);
  if (typeof cell === "boolean") return "BOOLEAN";
  if (typeof cell !== "string") return "JSON";
  return format === "csv" ? textEvidence(cell.trim()) : dateEvidence(cell);
}

/** As a spreadsheet would write it: an exponent has a sign, so that `12E4` stays a product's code. */
const CSV_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]\d+)?$/;

function textEvidence(text: string): Evidence {
  if (text === "") return null;
  if (CSV_NUMBER.test(text)) return numberEvidence(text);
  return /^(?:true|false)$/i.test(text) ? "BOOLEAN" : dateEvidence(text);
}

function numberEvidence(text: string): Evidence {
  if (parseOperand("INTEGER", text).ok) return "INTEGER";
  return parseOperand("DECIMAL", text).ok ? "DECIMAL" : "TEXT";
}

function dateEvidence(text: string): Evidence {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return "TEXT";
  if (parseOperand("DATE", text).ok) return "DATE";
  return parseOperand("DATETIME", text).ok ? "DATETIME" : "TEXT";
}

/** The first cell of a column that looked like one type. */
export interface Sample {
  readonly type: NonNullable<Evidence>;
  /** Such as `line 12`. */
  readonly at: string;
  /** What is written there, shortened for a message. */
  readonly text: string;
}

/** A column as the cells of a file show it. */
export interface InferredColumn {
  readonly header: string;
  readonly type: ColumnType;
  /** Of a column that is no narrower because of some of its cells: the first that looks like each type. */
  readonly mixed: readonly Sample[];
}

/** Folds over the records of a file to the types of its columns, in the order of appearance. */
export class ColumnInference {
  readonly #format: SourceFormat;
  readonly #columns = new Map<string, Map<Evidence, Sample>>();

  constructor(format: SourceFormat) {
    this.#format = format;
  }

  addHeader(headers: readonly string[]): void {
    for (const header of headers) this.#column(header);
  }

  /** Throws ImportError when the records have more columns between them than a dataset may. */
  addRecord(cells: ReadonlyMap<string, SourceCell>, at: string): void {
    for (const [header, cell] of cells) {
      const samples = this.#column(header);
      const type = evidenceOf(this.#format, cell);
      if (type === null || samples.has(type)) continue;
      samples.set(type, { type, at, text: excerptOf(cell) });
    }
  }

  /** A column without any value is TEXT. */
  columns(): InferredColumn[] {
    return Array.from(this.#columns, ([header, samples]) => {
      const type = [...samples.keys()].reduce(unify, null) ?? "TEXT";
      const isWidened = samples.size > 1 && type !== "DECIMAL";
      return { header, type, mixed: isWidened ? [...samples.values()] : [] };
    });
  }

  #column(header: string): Map<Evidence, Sample> {
    const known = this.#columns.get(header);
    if (known !== undefined) return known;
    const fault = headerFault(header);
    if (fault !== null) throw new ImportError(null, fault);
    if (this.#columns.size === MOST_COLUMNS) {
      throw new ImportError(null, `The records have more than ${MOST_COLUMNS} different keys.`);
    }
    const samples = new Map<Evidence, Sample>();
    this.#columns.set(header, samples);
    return samples;
  }
}
