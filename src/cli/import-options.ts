import { InvalidArgumentError } from "commander";
import { COLUMN_TYPES, type ColumnType } from "../cell/column-type.ts";
import type { ColumnChoices } from "../domain/import/column-choices.ts";

/** What `npx fieldgate import` takes besides the file, as commander hands it over. */
export interface ImportOptions {
  readonly dataset: string;
  readonly tenant?: string;
  readonly key?: readonly string[];
  readonly types?: ReadonlyMap<string, ColumnType>;
  readonly name?: ReadonlyMap<string, string>;
  readonly skipBad?: boolean;
  readonly dryRun?: boolean;
}

/** What the options say of the columns. */
export function choicesOf({ key = [], types, name: names }: ImportOptions): ColumnChoices {
  return { key, ...(types && { types }), ...(names && { names }) };
}

/**
 * Reads `price:DECIMAL,sold:DATE`.
 *
 * @throws {InvalidArgumentError} saying what types there are.
 */
export function parseTypes(
  text: string,
  before: ReadonlyMap<string, ColumnType> = new Map(),
): ReadonlyMap<string, ColumnType> {
  const types = new Map(before);
  for (const part of listOf(text)) {
    const [name = "", type = "", ...rest] = part.split(":").map((word) => word.trim());
    const known = COLUMN_TYPES.find((each) => each === type.toUpperCase());
    if (name === "" || rest.length > 0 || !known) {
      throw new InvalidArgumentError(
        `${JSON.stringify(part)} is not name:TYPE, with one of ${COLUMN_TYPES.join(", ")}.`,
      );
    }
    types.set(name, known);
  }
  return types;
}

/** Reads `region,year`. */
export function parseList(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...listOf(text)];
}

/**
 * Reads `US Gross=us_gross`, of which there may be several.
 *
 * @throws {InvalidArgumentError} for anything else.
 */
export function parseName(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.lastIndexOf("=");
  if (at < 1) {
    throw new InvalidArgumentError('It is header=name, such as "US Gross=us_gross".');
  }
  return new Map([...before, [text.slice(0, at).trim(), text.slice(at + 1).trim()]]);
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
