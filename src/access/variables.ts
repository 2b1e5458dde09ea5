import type { Comparison, Operand, ValueOf } from "../authz/predicate.ts";
import type { ColumnType } from "../cell/column-type.ts";
import { parseOperand } from "../cell/parse-operand.ts";
import type { ColumnDefinition, DatasetDefinition } from "../db/dataset-definition.ts";

/** The instant of the request, in a row filter. */
const NOW = "now";

const TEXTS: readonly ColumnType[] = ["TEXT", "SELECT"];

const OF_TEXTS: readonly string[] = ["contains", "startsWith", "endsWith"] satisfies Comparison[];

/** Whether cells of a type can be compared so. Those of JSON cannot be compared. */
export function isComparable(type: ColumnType, by: Comparison | "in"): boolean {
  return type !== "JSON" && (TEXTS.includes(type) || !OF_TEXTS.includes(by));
}

/** What each variable can be compared with; those that begin with `user.` otherwise are attributes. */
const COMPARED: Readonly<Record<string, readonly ColumnType[]>> = {
  [NOW]: ["DATETIME", "DATE"],
  "user.id": TEXTS,
  "user.email": TEXTS,
  "client.id": TEXTS,
};

const ATTRIBUTE = /^user\.[a-z][a-z0-9_]{0,62}$/;

/** What is wrong with a variable in a filter of a column; null: nothing. */
export function variableFault(variable: string, { name, type }: ColumnDefinition): string | null {
  const types = Object.hasOwn(COMPARED, variable) ? COMPARED[variable] : undefined;
  if (!types && !ATTRIBUTE.test(variable)) {
    return `There is no variable ${JSON.stringify(`$${variable.slice(0, 63)}`)}. There are $user.id, $user.email, $user.<attribute>, $client.id and $now; a text that begins with $ is written with another $ before it.`;
  }
  if (!types || types.includes(type)) return null;
  return `${name} is ${type}; $${variable} is compared with columns of type ${types.join(" and ")}.`;
}

/**
 * The values of operands in the filters of a dataset, as cells of the column that they stand beside. A stored
 * operand that is no such cell has none: the database would refuse the whole statement for it.
 */
export function valuesFor(
  { columns }: DatasetDefinition,
  variables: ReadonlyMap<string, string>,
  now: Date,
): ValueOf {
  const moment = now.toISOString();
  const types = new Map(columns.map(({ id, type }) => [id, type]));
  return (operand, columnId, by) => {
    const type = types.get(columnId);
    if (type === undefined || !isComparable(type, by)) return null;
    if (typeof operand !== "object") return operandOf(type, operand);
    const { variable } = operand;
    if (variable === NOW) return type === "DATE" ? moment.slice(0, "YYYY-MM-DD".length) : moment;
    const value = variables.get(variable);
    const isTruth = type === "BOOLEAN" && /^(true|false)$/.test(value ?? "");
    return operandOf(type, isTruth ? value === "true" : value);
  };
}

function operandOf(type: ColumnType, input: Operand | undefined): Operand | null {
  const parsed = parseOperand(type, input);
  if (!parsed.ok) return null;
  return typeof parsed.value === "string" || typeof parsed.value === "boolean"
    ? parsed.value
    : null;
}
