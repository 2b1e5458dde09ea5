import { MAX_OPTIONS, OPTION_LENGTH } from "../../cell/parse-column.ts";
import { parseOperand } from "../../cell/parse-operand.ts";
import { characters } from "../../cell/text.ts";
import { cellFromSource } from "../../records/cell-from-source.ts";
import type { ColumnChoices } from "./column-choices.ts";
import { ImportError } from "../../records/import-error.ts";
import { nameOf } from "./source-columns.ts";
import { quoted, type SourceCell, type SourceFormat } from "../../records/source-record.ts";

/** Gathers the values of the columns of a file that are to be SELECT: what these will offer. */
export class OfferedValues {
  readonly #format: SourceFormat;
  readonly #choices: ColumnChoices;
  /** By header; null of a column that is not to be SELECT. */
  readonly #values = new Map<string, Set<string> | null>();

  constructor(format: SourceFormat, choices: ColumnChoices) {
    this.#format = format;
    this.#choices = choices;
  }

  addRecord(cells: ReadonlyMap<string, SourceCell>): void {
    for (const [header, cell] of cells) {
      const values = this.#valuesOf(header);
      if (values !== null && values.size <= MAX_OPTIONS) this.#add(values, cell);
    }
  }

  /**
   * The options of a column, in order.
   *
   * @throws {ImportError} where there are none, or more than a column may have.
   */
  optionsOf(header: string): string[] {
    const values = this.#valuesOf(header) ?? new Set();
    if (values.size > 0 && values.size <= MAX_OPTIONS) return [...values].toSorted();
    const number = values.size === 0 ? "no value" : `more than ${MAX_OPTIONS} different values`;
    throw new ImportError(null, `${quoted(header)} has ${number}. Choose TEXT in place of SELECT.`);
  }

  #valuesOf(header: string): Set<string> | null {
    const known = this.#values.get(header);
    if (known !== undefined) return known;
    const { names, types } = this.#choices;
    const values = types?.get(nameOf(header, names)) === "SELECT" ? new Set<string>() : null;
    this.#values.set(header, values);
    return values;
  }

  #add(values: Set<string>, cell: SourceCell): void {
    const parsed = parseOperand("SELECT", cellFromSource(this.#format, "SELECT", cell));
    if (!parsed.ok || typeof parsed.value !== "string") return;
    if (characters(parsed.value) <= OPTION_LENGTH) values.add(parsed.value);
  }
}
