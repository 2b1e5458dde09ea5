import { rowsOf, rowsSeen } from "../../authz/access-plan.ts";
import type { Operand } from "../../authz/predicate.ts";
import { type Condition, filterOf } from "../../authz/restriction.ts";
import { cellParser } from "../../cell/cell-parser.ts";
import type { ParsedCell } from "../../cell/cell-value.ts";
import { parseOperand } from "../../cell/parse-operand.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { rulesOf } from "../../db/key-columns.ts";
import { type KnownDataset, lackingOn, requireDataset } from "../../access/known-dataset.ts";
import { readableByName, requireReadable } from "../../access/readable-columns.ts";
import { judgeOf } from "../../access/row-judge.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError } from "../../graphql/errors.ts";

/** The most conditions of one token, and the most datasets that it lists besides. */
export const MOST_CONDITIONS = 50;
export const MOST_DATASETS = 100;

/** How many bytes the conditions of a token may be: they become part of every statement about the rows. */
const MOST_BYTES = 64 * 1024;

/** A condition as a caller writes it. */
export interface ConditionInput {
  readonly datasetId: string;
  readonly column: string;
  readonly op: Condition["by"];
  readonly value: unknown;
  readonly set?: boolean | null | undefined;
  readonly setValue?: unknown;
}

/** A condition that was read, and what it was read against. */
interface Read {
  readonly condition: Condition;
  readonly dataset: KnownDataset;
  readonly column: ColumnDefinition;
}

/**
 * Reads the conditions of a token.
 *
 * A token with a condition sees fewer rows the more of them do not meet it, whatever it may read of them itself. So that
 * nobody learns by it what it may not read, the key that makes the token has to read the column wherever it sees a row.
 *
 * @throws {NotFoundError} for a dataset that the caller does not know.
 * @throws {InputError} for a column that it may not read, in the same words as for one that does not exist; for what is
 *   no value of the column; and for values to be set which no row could have.
 * @throws {ForbiddenError} for a column that it reads in some of the rows that it sees, and not in all.
 */
export async function tokenConditions(
  context: Context,
  inputs: readonly ConditionInput[],
): Promise<Condition[]> {
  const read: Read[] = [];
  for (const input of inputs) read.push(await conditionOf(context, input));
  for (const each of read) requireMet(each, read);
  const conditions = read.map(({ condition }) => condition);
  if (Buffer.byteLength(JSON.stringify(conditions)) > MOST_BYTES) {
    throw new InputError(`The conditions of a token hold at most ${MOST_BYTES} bytes.`);
  }
  return conditions;
}

async function conditionOf(context: Context, input: ConditionInput): Promise<Read> {
  const dataset = await requireDataset(context, input.datasetId);
  const column = requireReadable(readableByName(dataset), input.column);
  requireReadInSight(dataset, column);
  if (column.type === "JSON") {
    throw new InputError(`The column ${column.name} is JSON, which no condition compares.`);
  }
  const operand = operandOf(column, parseOperand(column.type, input.value));
  const condition = {
    datasetId: dataset.definition.id,
    columnId: column.id,
    by: input.op,
    operand,
    set: setOf(column, input, operand),
  };
  return { condition, dataset, column };
}

function requireReadInSight(dataset: KnownDataset, column: ColumnDefinition): void {
  const read = new Set(rowsOf(dataset.plan, "READ", column.id));
  if (rowsSeen(dataset.plan).every((rows) => read.has(rows))) return;
  const why = "a condition tells of the column in every row that you see, and ";
  throw lackingOn(dataset, "READ", { field: column, why });
}

/** What a new row is given; null: nothing. */
function setOf(column: ColumnDefinition, input: ConditionInput, operand: Operand): Operand | null {
  const { op, set, setValue = null } = input;
  const isSet = set ?? op === "eq";
  if (!isSet && setValue === null) return null;
  if (!isSet) throw new InputError(`${column.name}: setValue is for conditions with set.`);
  if (op !== "eq" && setValue === null) {
    throw new InputError(`${column.name}: set needs a setValue, unless the condition is eq.`);
  }
  // It becomes a cell, for which the rules of the column hold.
  return operandOf(column, cellParser(rulesOf(column))(setValue ?? operand));
}

function operandOf({ name }: ColumnDefinition, parsed: ParsedCell): Operand {
  if (!parsed.ok) throw new InputError(`${name}: ${parsed.message}`);
  const { value } = parsed;
  if (typeof value === "string" || typeof value === "boolean") return value;
  throw new InputError(`${name}: a condition compares with a value, not with null.`);
}

/** Requires that a row which is given the value meets what is asked of the column, and is given no other. */
function requireMet({ condition, dataset, column }: Read, all: readonly Read[]): void {
  const { set } = condition;
  if (set === null) return;
  const others = all.filter((each) => each.column === column).map((each) => each.condition);
  const holds = judgeOf(dataset.definition)([new Map([[column.id, set]])]);
  const isMet = others.every((other) => holds(filterOf(other)));
  const isOne = others.every((other) => other.set === null || other.set === set);
  if (isMet && isOne) return;
  throw new InputError(
    `${column.name}: what new rows are given has to be one value that meets every condition of the column.`,
  );
}
