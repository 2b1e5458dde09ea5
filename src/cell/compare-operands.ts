import type { ColumnType } from "./column-type.ts";
import { compareDecimals, compareText } from "./decimal.ts";

/**
 * Negative, zero or positive, as one canonical cell of a type is less than, equal to or greater than
 * another: as PostgreSQL has it. JSON has no order.
 */
export function compareOperands(
  type: ColumnType,
  one: string | boolean,
  other: string | boolean,
): number {
  if (typeof one === "boolean" || typeof other === "boolean") return Number(one) - Number(other);
  switch (type) {
    case "INTEGER":
    case "DECIMAL":
      return compareDecimals(one, other);
    case "TEXT":
    case "SELECT":
      return compareCodePoints(one, other);
    default:
      return compareText(one, other);
  }
}

/** By code point, which is not the order of JavaScript's units where surrogates stand for one. */
function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    if (one[at] === other[at]) continue;
    return (one.codePointAt(at) ?? 0) - (other.codePointAt(at) ?? 0);
  }
  return one.length - other.length;
}
