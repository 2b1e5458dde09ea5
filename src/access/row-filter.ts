import { type Comparison, EVERY_ROW, type Operand, type Predicate } from "../authz/predicate.ts";
import { parseOperand } from "../cell/parse-operand.ts";
import type { ColumnDefinition } from "../db/dataset-definition.ts";
import { InputError, LimitError } from "../graphql/errors.ts";
import { type ReadableColumns, requireReadable } from "./readable-columns.ts";

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
const TEXTS: readonly string[] = ["contains", "startsWith", "endsWith"] satisfies Comparison[];
const OF_ANY_TYPE = "eq, ne, lt, le, gt, ge, in and isNull";

/** How many conditions a filter may have, and how deep they may lie in each other. */
const MOST = { conditions: 500, depth: 20, operands: 10_000 } as const;

/**
 * Reads a filter as a predicate over columns that the caller may read.
 *
 * @throws {InputError} for a column that the caller may not read, in the same words as for one that does
 *   not exist; and for what is not a filter.
 */
export function rowFilter(
  input: RowFilterInput | null | undefined,
  columns: ReadableColumns,
): Predicate {
  if (!input) return EVERY_ROW;
  const counted = { conditions: 0 };
  return predicateOf(input, { columns, counted, depth: 0 });
}

interface Place {
  readonly columns: ReadableColumns;
  readonly counted: { conditions: number };
  readonly depth: number;
}

function predicateOf(input: RowFilterInput, { columns, counted, depth }: Place): Predicate {
  counted.conditions += 1;
  if (counted.conditions > MOST.conditions || depth > MOST.depth) {
    throw new LimitError(
      `A filter has at most ${MOST.conditions} conditions, ${MOST.depth} deep in each other.`,
    );
  }
  const inner = (part: RowFilterInput) => predicateOf(part, { columns, counted, depth: depth + 1 });
  const { and, or, not } = input;
  const present = namesOf(input);
  const connectives = CONNECTIVES.filter((key) => present.includes(key));
  if (connectives.length === 0) return leafOf(input, present, columns);
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

function leafOf(
  input: RowFilterInput,
  present: readonly (keyof RowFilterInput)[],
  columns: ReadableColumns,
): Predicate {
  const operators = present.filter((name) => name !== "column");
  const [operator] = operators;
  if (typeof input.column !== "string" || operator === undefined || operators.length > 1) {
    throw new InputError(ONE_OF_THEM);
  }
  const column = requireReadable(columns, input.column);
  if (operator === "isNull") return nullnessOf(input, column);
  if (column.type === "JSON")
    throw new InputError(`The JSON column ${column.name} knows only isNull.`);
  return operator === "in"
    ? membershipOf(input, column)
    : comparisonOf(operator as Comparison, input[operator], column);
}

function nullnessOf({ isNull }: RowFilterInput, { id: columnId }: ColumnDefinition): Predicate {
  if (typeof isNull !== "boolean") throw new InputError("isNull is true or false.");
  return { kind: "isNull", columnId, is: isNull };
}

function membershipOf({ in: operands }: RowFilterInput, column: ColumnDefinition): Predicate {
  if (!operands) throw new InputError("in takes a list of values.");
  if (operands.length > MOST.operands) {
    throw new LimitError(`in takes at most ${MOST.operands} values.`);
  }
  const known = operands.map((operand) => operandOf(operand, column));
  return { kind: "in", columnId: column.id, operands: known };
}

function comparisonOf(by: Comparison, operand: unknown, column: ColumnDefinition): Predicate {
  const isText = column.type === "TEXT" || column.type === "SELECT";
  if (!isText && TEXTS.includes(by)) {
    throw new InputError(
      `${by} is for TEXT and SELECT columns; ${column.name} is ${column.type}, for which there are ${OF_ANY_TYPE}.`,
    );
  }
  return { kind: "compare", columnId: column.id, by, operand: operandOf(operand, column) };
}

function operandOf(input: unknown, { name, type }: ColumnDefinition): Operand {
  const parsed = parseOperand(type, input);
  if (!parsed.ok) throw new InputError(`${name}: ${parsed.message}`);
  const { value } = parsed;
  if (typeof value === "string" || typeof value === "boolean") return value;
  throw new InputError(`${name}: null is found by isNull alone.`);
}
