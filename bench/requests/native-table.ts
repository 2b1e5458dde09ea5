import pg from "pg";
import type { Place } from "../../test/app/cli/place.ts";
import type { ColumnType } from "../../src/cell/column-type.ts";
import { inTurn } from "../in-turn.ts";
import { asOwner } from "./as-owner.ts";
import { chunksOfOrders, type OrderColumn } from "./orders.ts";

const NATIVE: Readonly<Record<ColumnType, string>> = {
  TEXT: "text",
  SELECT: "text",
  INTEGER: "integer",
  DECIMAL: "numeric",
  BOOLEAN: "boolean",
  DATE: "date",
  DATETIME: "timestamptz(3)",
  JSON: "jsonb",
};

/** What is in the table, and what it has an index on besides its key, the number. */
export interface NativeTable {
  readonly columns: readonly OrderColumn[];
  readonly rows: number;
  readonly indexes: readonly string[];
}

/** Makes the table `orders` as one would by hand, with native columns and native indexes. */
export const nativeTable =
  ({ columns, rows, indexes }: NativeTable) =>
  async (place: Place): Promise<void> =>
    await asOwner(place, async (client) => {
      const typed = columns.map(({ name, type }) => `"${name}" ${NATIVE[type]}`).join(", ");
      await client.query(`CREATE TABLE orders (${typed}, PRIMARY KEY (number))`);
      await inTurn(chunksOfOrders(rows, columns), (chunk) =>
        client.query("INSERT INTO orders SELECT * FROM json_populate_recordset(null::orders, $1)", [
          JSON.stringify(chunk),
        ]),
      );
      await inTurn(indexes, (index) => client.query(`CREATE INDEX ON orders (${index})`));
      await client.query("VACUUM (ANALYZE) orders");
    });

/** By default a date becomes a moment in the server's own time zone, which is another one. */
export function readDatesAsText(): void {
  pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
}
