import type { Caller, Cell, ColumnType, User, World } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";

/** The variables of row filters that have a value for a caller, by name, `$` included. */
export function variablesOf({ now }: Pick<World, "now">, caller: Caller): Record<string, Cell> {
  const own = caller.user ? variablesOfUser(caller.user) : {};
  const clientId = caller.token?.clientId ?? null;
  const ofClient = clientId === null ? {} : { "$client.id": clientId };
  return { ...caller.variables, ...own, ...ofClient, $now: now };
}

/** An address that nobody has proved to be the user's has no value. */
function variablesOfUser({ id, email, address, attributes }: User): Record<string, Cell> {
  const variables: Record<string, Cell> = { "$user.id": id };
  if (address !== "UNVERIFIED") variables["$user.email"] = email;
  for (const [name, value] of Object.entries(attributes)) variables[`$user.${name}`] = value;
  return variables;
}

/** The value of a variable as a cell of a type; one that is no such cell is none, which is null. */
export function asCellOf(type: ColumnType, value: Cell): Cell {
  if (value === null) return null;
  const text = textOfCell(value);
  switch (type) {
    case "TEXT":
    case "SELECT":
      return text;
    case "INTEGER":
      return /^-?\d+$/.test(text) ? text : null;
    case "DECIMAL":
      return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
    case "BOOLEAN":
      return typeof value === "boolean" ? value : null;
    case "DATE":
      return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null;
    case "DATETIME":
      return /^\d{4}-\d\d-\d\dT/.test(text) ? text : null;
    case "JSON":
      return null;
  }
}
