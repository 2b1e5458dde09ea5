import { cells, crowdColumns, names, orderColumns, values } from "./columns.ts";
import { member, owner } from "./database.ts";
import { datasetId, hex, orders, rowId, tenant } from "./ids.ts";
import { inTurn, range } from "../in-turn.ts";
import { genericIndexes } from "./jsonb.ts";
import { doorOf, nativeDataset, nativeIndexes, rowNames, tableOf } from "./native.ts";
import type { Session } from "./session.ts";

/** A shape as the crowd meets it: where it is read, and how rows are added to it. */
export interface Store {
  readonly name: string;
  readonly source: string;
  /** Adds the rows numbered from `$1` to `$2`. */
  readonly insert: string;
}

const numbered = "generate_series($1::bigint, $2::bigint) i";

/** The chosen shape, and the generic table whose datasets share one set of indexes. */
export const stores: readonly Store[] = [
  {
    name: "a native, view",
    source: doorOf(orders),
    insert: `insert into ${doorOf(orders)} (id, ${names(orderColumns)})
      select ${rowId}, ${values(orderColumns)} from ${numbered}`,
  },
  {
    name: "d generic, view",
    source: `generic.d_${hex(orders)}`,
    insert: `insert into generic.row (tenant_id, dataset_id, id, cells)
      select '${tenant}', '${orders}', ${rowId}, ${cells(orderColumns)}
      from (select i, ${values(orderColumns)} from ${numbered}) r`,
  },
];

/**
 * Leaves the chosen shape whole and of the generic table its first 20,000 rows: 2,000 indexes on a
 * million rows would take minutes to make, and neither planning nor one insert asks for the rest.
 */
export async function slim(session: Session): Promise<void> {
  await session.script(`
    set role ${owner};
    drop table data.plain, data.j_${hex(orders)} cascade;
    truncate generic.row, generic.key;
    insert into generic.row (tenant_id, dataset_id, ${rowNames}, cells)
      select '${tenant}', '${orders}', ${rowNames}, ${cells(orderColumns)}
      from ${tableOf(orders)} order by id limit 20000;
    reset role;`);
  await session.script("vacuum (analyze)");
}

const rowsEach = 20;

const further = (n: number): string => {
  const dataset = datasetId(n);
  return `${nativeDataset(dataset, crowdColumns)}
    insert into ${tableOf(dataset)} (id, ${names(crowdColumns)})
      select ${rowId}, ${values(crowdColumns)} from generate_series(1::bigint, ${rowsEach}) i;
    insert into generic.row (tenant_id, dataset_id, id, cells)
      select tenant_id, '${dataset}', id, ${cells(crowdColumns)} from ${tableOf(dataset)};
    ${nativeIndexes(dataset, crowdColumns)}`;
};

/** Adds datasets of two indexed columns each, to the chosen shape and to the generic table. */
export async function crowd(session: Session, count: number): Promise<void> {
  const numbers = range(1, count);
  await session.script(`set role ${owner}`);
  await inTurn(numbers, (n) => session.script(further(n)));
  await inTurn(numbers, (n) => session.script(genericIndexes(datasetId(n), crowdColumns)));
  await session.script("reset role");
  await session.script("vacuum (analyze)");
  await session.script("checkpoint");
}

/** How many bytes one connection holds after it has read each of the further datasets once. */
export async function memoryOfAll(session: Session, count: number): Promise<number> {
  await session.script(`begin; set local role ${member};
    select set_config('fieldgate.tenant', '${tenant}', true)`);
  await inTurn(range(1, count), (n) =>
    session.rows(`select count(c1) from ${doorOf(datasetId(n))}`),
  );
  await session.script("commit");
  const [row] = await session.rows("select sum(total_bytes) from pg_backend_memory_contexts");
  return Number(row?.[0]);
}
