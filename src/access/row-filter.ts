import { normalForm, textOf } from "../authz/normal-form.ts";
import {
  type Comparison,
  EVERY_ROW,
  type Operand,
  type Predicate,
  type RowFilter,
  type Variable,
} from "../authz/predicate.ts";
import { parseOperand } from "../cell/parse-operand.ts";
import type { ColumnDefinition } from "../db/dataset-definition.ts";
import { InputError, LimitError } from "../graphql/errors.ts";
import { type ReadableColumns, requireReadable } from "./readable-columns.ts";
import { isComparable, variableFault } from "./variables.ts";

/** A filter as a caller writes it; see the input type `RowFilter`. */
export interface RowFilterInput {
  and?: RowFilterInput[] | null | undefined;
  or?: RowFilterInput[] | null | undefined;
  not?: RowFilterInput | null | undefined;
  column?: string | null | undefined;
  eq?: NonNullable<unknown> | null | undefined;
  ne?: NonNullable<unknown> | null | undefined;
  lt?: NonNullable<unknown> | null | undefined;
  le?: NonNullable<unknown> | null | undefined;
  gt?: NonNullable<unknown> | null | undefined;
  ge?: NonNullable<unknown> | null | undefined;
  in?: NonNullable<unknown>[] | null | undefined;
  contains?: string | null | undefined;
  startsWith?: string | null | undefined;
  endsWith?: string | null | undefined;
  isNull?: boolean | null | undefined;
}

const CONNECTIVES = ["and", "or", "not"] as const;
/** What a variable begins with, in the filter of a grant. */
export const SIGN = "$";

const OF_ANY_TYPE = "eq, ne, lt, le, gt, ge, in and isNull";

/** How large a filter may be: its conditions, how deep they lie in each other, the values of one `in`. */
interface Size {
  readonly conditions: number;
  readonly depth: number;
  readonly operands: number;
}

const MOST: Size = { conditions: 500, depth: 20, operands: 10_000 };

/** Of a grant's filter: it becomes part of every statement about the rows. */
const MOST_OF_GRANT: Size = { conditions: 50, depth: 10, operands: 500 };

/** How many bytes of text a grant's filter may be. */
const BYTES_OF_GRANT = 64 * 1024;

/** How a filter is read. */
interface Reading<Of> {
  readonly columns: ReadableColumns;
  readonly most: Size;
  readonly tooLarge: new (message: string) => Error;
  readonly operandOf: (input: unknown, column: ColumnDefinition) => Of;
  readonly counted: { conditions: number };
}

/**
 * Reads a filter as a predicate over columns that the caller may read.
 *
 * @throws {InputError} for a column that the caller may not read, in the same words as for one that does
 *   not exist; and for what is not a filter.
 * @throws {LimitError} for a filter that is too large.
 */
export function rowFilter(
  input: RowFilterInput | null | undefined,
  columns: ReadableColumns,
): Predicate {
  if (!input) return EVERY_ROW;
  const counted = { conditions: 0 };
  return predicateOf(input, { columns, most: MOST, tooLarge: LimitError, operandOf, counted }, 0);
}

/**
 * Reads the row filter of a grant, in normal form: an operand that begins with `$` is a variable.
 *
 * @throws {InputError} for a column that the caller may not read, in the same words as for one that does
 *   not exist; for a variable that does not exist; and for what is not a filter or too large for one.
 */
export function grantFilter(input: RowFilterInput, columns: ReadableColumns): RowFilter {
  const reading: Reading<Operand | Variable> = {
    columns,
    most: MOST_OF_GRANT,
    tooLarge: InputError,
    operandOf: operandOrVariable,
    counted: { conditions: 0 },
  };
  const filter = normalForm(predicateOf(input, reading, 0));
  if (Buffer.byteLength(textOf(filter)) > BYTES_OF_GRANT) {
    throw new InputError(`The filter of a grant holds at most ${BYTES_OF_GRANT} bytes.`);
  }
  return filter;
}

function predicateOf<Of>(
  input: RowFilterInput,
  reading: Reading<Of>,
  depth: number,
): Predicate<Of> {
  const { counted, most, tooLarge: TooLarge } = reading;
  counted.conditions += 1;
  if (counted.conditions > most.conditions || depth > most.depth) {
    throw new TooLarge(
      `A filter has at most ${most.conditions} conditions here, ${most.depth} deep in each other.`,
    );
  }
  const inner = (part: RowFilterInput) => predicateOf(part, reading, depth + 1);
  const { and, or, not } = input;
  const present = namesOf(input);
  const connectives = CONNECTIVES.filter((key) => present.includes(key));
  if (connectives.length === 0) return leafOf(input, present, reading);
  if (present.length > 1) throw new InputError(ONE_OF_THEM);
  if (and) return { kind: "all", of: and.map(inner) };
  if (or) return { kind: "any", of: or.map(inner) };
  if (not) return { kind: "not", of: inner(not) };
  throw new InputError(ONE_OF_THEM);
}

function namesOf(input: RowFilterInput): (keyof RowFilterInput)[] {
  const names = Object.keys(input) as (keyof RowFilterInput)[];
  return names.filter((name) => input[name] !== undefined);
}

const ONE_OF_THEM =
  'A filter is one of and, or, not, or a column with one operator: {column: "name", eq: "value"}.';

function leafOf<Of>(
  input: RowFilterInput,
  present: readonly (keyof RowFilterInput)[],
  reading: Reading<Of>,
): Predicate<Of> {
  const operators = present.filter((name) => name !== "column");
  const [operator] = operators;
  if (typeof input.column !== "string" || operator === undefined || operators.length > 1) {
    throw new InputError(ONE_OF_THEM);
  }
  const column = requireReadable(reading.columns, input.column);
  if (operator === "isNull") return nullnessOf(input, column);
  if (column.type === "JSON") {
    throw new InputError(`The JSON column ${column.name} knows only isNull.`);
  }
  if (operator === "in") return membershipOf(input, column, reading);
  const by = operator as Comparison;
  requireComparable(by, column);
  const operand = reading.operandOf(input[operator], column);
  return { kind: "compare", columnId: column.id, by, operand };
}

function nullnessOf(
  { isNull }: RowFilterInput,
  { id: columnId }: ColumnDefinition,
): Predicate<never> {
  if (typeof isNull !== "boolean") throw new InputError("isNull is true or false.");
  return { kind: "isNull", columnId, is: isNull };
}

function membershipOf<Of>(
  { in: inputs }: RowFilterInput,
  column: ColumnDefinition,
  { most, tooLarge: TooLarge, operandOf: read }: Reading<Of>,
): Predicate<Of> {
  if (!inputs) throw new InputError("in takes a list of values.");
  if (inputs.length > most.operands)
    throw new TooLarge(`in takes at most ${most.operands} values here.`);
  const operands = inputs.map((input) => read(input, column));
  return { kind: "in", columnId: column.id, operands };
}

function requireComparable(by: Comparison, { name, type }: ColumnDefinition): void {
  if (isComparable(type, by)) return;
  throw new InputError(
    `${by} is for TEXT and SELECT columns; ${name} is ${type}, for which there are ${OF_ANY_TYPE}.`,
  );
}

function operandOf(input: unknown, { name, type }: ColumnDefinition): Operand {
  const parsed = parseOperand(type, input);
  if (!parsed.ok) throw new InputError(`${name}: ${parsed.message}`);
  const { value } = parsed;
  if (typeof value === "string" || typeof value === "boolean") return value;
  throw new InputError(`${name}: null is found by isNull alone.`);
}

/** `$user.id` is a variable, and `$$user.id` the text `$user.id`. */
function operandOrVariable(input: unknown, column: ColumnDefinition): Operand | Variable {
  if (typeof input !== "string" || !input.startsWith(SIGN)) return operandOf(input, column);
  const rest = input.slice(SIGN.length);
  if (rest.startsWith(SIGN)) return operandOf(rest, column);
  const fault = variableFault(rest, column);
  if (fault !== null) throw new InputError(fault);
  return { variable: rest };
}
