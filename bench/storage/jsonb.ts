import { cell, cellsAsColumns, type Column } from "./columns.ts";
import { member } from "./database.ts";
import { hex, tenant } from "./ids.ts";
import { reached, rowColumns, rowNames } from "./native.ts";

const secured = (table: string): string => `
  alter table ${table} enable row level security;
  create policy own_tenant on ${table} using (tenant_id = (select fieldgate.current_tenant()));
  grant select, insert on ${table} to ${member};`;

/** Rows of all datasets in one table, cells in jsonb, behind row-level security. */
export const genericTables = `
  create table generic.row (
    tenant_id uuid not null, dataset_id uuid not null, ${rowColumns}, cells jsonb not null,
    primary key (tenant_id, dataset_id, id));
  ${secured("generic.row")}
  create table generic.key (
    tenant_id uuid not null, dataset_id uuid not null, slot integer not null,
    key text collate "C" not null, row_id uuid not null);
  ${secured("generic.key")}`;

export const keyIndex = `
  alter table generic.key add primary key (tenant_id, dataset_id, slot, key, row_id)`;

const here = (dataset: string): string =>
  `tenant_id = '${tenant}'::uuid and dataset_id = '${dataset}'::uuid`;

/** One dataset of the generic table, its columns named and typed; merges into the query. */
export const genericSource = (dataset: string, columns: readonly Column[]): string =>
  `(select ${rowNames}, ${cellsAsColumns(columns, "cells")}
    from generic.row where ${here(dataset)})`;

/** The same behind a view of the owner, which row-level security does not touch. */
export const genericView = (dataset: string, columns: readonly Column[]): string => `
  create view generic.d_${hex(dataset)} as
    select ${rowNames}, ${cellsAsColumns(columns, "cells")}
    from generic.row where ${here(dataset)} and ${reached(dataset)};
  grant select on generic.d_${hex(dataset)} to ${member};`;

const indexesOn = (table: string, columns: readonly Column[], only = ""): string =>
  columns
    .filter(({ indexed }) => indexed)
    .map((column) => `create index on ${table} (tenant_id, (${cell(column, "cells")}), id)${only};`)
    .join("\n");

/** Partial expression indexes, two or three for each dataset, all on one table. */
export const genericIndexes = (dataset: string, columns: readonly Column[]): string =>
  indexesOn("generic.row", columns, ` where dataset_id = '${dataset}'`);

/** A table for a dataset whose cells are jsonb, behind a view. */
export const jsonDataset = (dataset: string, columns: readonly Column[]): string => `
  create table data.j_${hex(dataset)} (
    tenant_id uuid not null default '${tenant}', ${rowColumns}, cells jsonb not null,
    primary key (tenant_id, id));
  create view data.k_${hex(dataset)} as
    select ${rowNames}, ${cellsAsColumns(columns, "cells")} from data.j_${hex(dataset)}
    where tenant_id = '${tenant}'::uuid and ${reached(dataset)};
  grant select on data.k_${hex(dataset)} to ${member};`;

export const jsonIndexes = (dataset: string, columns: readonly Column[]): string =>
  indexesOn(`data.j_${hex(dataset)}`, columns);

/** SQL: text that sorts as the value does (whole numbers, two decimals, text by code point). */
export function sortKey({ type }: Column, value: string): string {
  if (type.startsWith("text")) return value;
  const whole = type === "numeric" ? `(${value} * 100)::bigint` : value;
  return `lpad(to_hex(${whole} + 4611686018427387904), 16, '0')`;
}

/** Fills the index table for one column from the plain table. */
export const keysOf = (dataset: string, column: Column, from: string): string => `
  insert into generic.key
    select '${tenant}', '${dataset}', ${column.slot}, ${sortKey(column, `c${column.slot}`)}, id
    from ${from} where c${column.slot} is not null`;

/** The index table joined to its rows, as a FROM clause and its condition. */
export const throughKeys = (dataset: string, slot: number, rows: string): string => `
  from generic.key k join ${rows} r on r.id = k.row_id
  where k.tenant_id = '${tenant}' and k.dataset_id = '${dataset}' and k.slot = ${slot}`;
