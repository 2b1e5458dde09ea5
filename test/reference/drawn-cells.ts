import fc from "fast-check";
import type { Cell, Column, ColumnType } from "./model.ts";

/** What a SELECT of a drawn world offers. */
export const OPTIONS = ["x", "y", "z"] as const;

/**
 * The values that drawn cells have, in the form in which the API gives them. They are few, so that rows
 * agree in them and filters bite, and each is there for a way in which a comparison can go wrong.
 */
const VALUES: Readonly<Record<ColumnType, readonly Cell[]>> = {
  TEXT: ["", "ab", "B", "é", "\u{1F600}", "\uFFFD", "$now"],
  INTEGER: [-1, 0, 2, 10, "9007199254740993", "9007199254740994"],
  DECIMAL: ["-0.1", "1.5", "1.50", "9", "10", "0.30000000000000000001", "0.3"],
  BOOLEAN: [true, false],
  DATE: ["1999-12-31", "2024-02-29", "2024-03-01"],
  DATETIME: ["2024-02-29T12:00:00.000Z", "2024-02-29T12:00:00.001Z", "2999-01-01T00:00:00.000Z"],
  SELECT: OPTIONS,
  JSON: [{ a: null }, [], "a", 0, false],
};

/** The same values as a filter may write them besides. */
const OTHER_OPERANDS: Readonly<Partial<Record<ColumnType, readonly Cell[]>>> = {
  TEXT: ["e\u0301", "b", "_", "$", "$$now"],
  INTEGER: ["1", 5],
  DECIMAL: [1.5, "1.500", "10.0", 1e-7, "15e-1", 0.3],
  DATETIME: ["2024-02-29T13:00:00+01:00", "2024-02-29T12:00:00Z"],
  SELECT: ["w", "Y"],
};

/** The values of cells in a column that is unique: the first are those of the rows there are. */
export const TAGS = Array.from({ length: 9 }, (_, index) => `tag ${index + 1}`);

/** A cell of a column: often no value, where it may have none. */
export function aCell({
  type,
  isRequired,
  isUnique,
}: Pick<Column, "type" | "isRequired" | "isUnique">) {
  const value = fc.constantFrom(...(isUnique ? TAGS : VALUES[type]));
  if (isRequired) return value;
  return fc.oneof({ weight: 2, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
}

/** Something to compare the cells of a column with. */
export function anOperand(type: ColumnType): fc.Arbitrary<Cell> {
  return fc.constantFrom(...VALUES[type], ...(OTHER_OPERANDS[type] ?? []));
}
