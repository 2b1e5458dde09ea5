import sql, { type Sql } from "sql-template-tag";
import type { ColumnType } from "../cell/column-type.ts";

/** A cell as the API shows it: decimals, and integers that a double does not hold, as strings. */
export function cellJson({ type }: { readonly type: ColumnType }, cell: Sql): Sql {
  switch (type) {
    case "DECIMAL":
      return sql`${cell}::text`;
    case "INTEGER":
      return sql`CASE WHEN ${cell} BETWEEN -9007199254740991 AND 9007199254740991
                      THEN to_json(${cell}) ELSE to_json(${cell}::text) END`;
    case "DATETIME":
      return sql`to_char(${cell} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    default:
      return cell;
  }
}
