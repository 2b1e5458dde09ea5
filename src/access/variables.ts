import type { Operand, ValueOf } from "../authz/predicate.ts";
import type { ColumnType } from "../cell/column-type.ts";
import { parseOperand } from "../cell/parse-operand.ts";
import type { ColumnDefinition, DatasetDefinition } from "../db/dataset-definition.ts";

/** The instant of the request, in a row filter. */
const NOW = "now";

const TEXTS: readonly ColumnType[] = ["TEXT", "SELECT"];

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

/** The values of variables in the filters of a dataset: as cells of the column that they stand beside. */
export function valuesFor(
  { columns }: DatasetDefinition,
  variables: ReadonlyMap<string, string>,
  now: Date,
): ValueOf {
  const moment = now.toISOString();
  return (variable, columnId) => {
    const type = columns.find(({ id }) => id === columnId)?.type;
    if (type === undefined) return null;
    if (variable === NOW) return type === "DATE" ? moment.slice(0, "YYYY-MM-DD".length) : moment;
    return operandOf(type, variables.get(variable));
  };
}

function operandOf(type: ColumnType, value: string | undefined): Operand | null {
  if (value === undefined) return null;
  const input = type === "BOOLEAN" && /^(true|false)$/.test(value) ? value === "true" : value;
  const parsed = parseOperand(type, input);
  if (!parsed.ok) return null;
  return typeof parsed.value === "string" || typeof parsed.value === "boolean"
    ? parsed.value
    : null;
}
