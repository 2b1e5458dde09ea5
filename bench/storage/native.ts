import { names, type Column } from "./columns.ts";
import { member } from "./database.ts";
import { hex, tenant } from "./ids.ts";

/** What every row carries beside its cells. */
export const rowColumns = `
  id uuid not null, version integer not null default 1,
  created_at timestamptz(3) not null default now(), created_by text not null default 'bench',
  updated_at timestamptz(3) not null default now(), updated_by text not null default 'bench'`;

export const rowNames = "id, version, created_at, created_by, updated_at, updated_by";

const typed = (columns: readonly Column[]): string =>
  columns.map(({ slot, type }) => `c${slot} ${type}`).join(", ");

/** The plain table that everything is compared with. */
export const plainTable = (name: string, columns: readonly Column[]): string =>
  `create table ${name} (${rowColumns}, ${typed(columns)}, primary key (id))`;

export const plainIndexes = (name: string, columns: readonly Column[]): string =>
  columns
    .filter(({ indexed }) => indexed)
    .map(({ slot }) => `create index on ${name} (c${slot}, id);`)
    .join("\n");

/** The gate of a view: it names no column, so PostgreSQL asks it once a statement. */
export const reached = (dataset: string): string =>
  `(select fieldgate.reaches('${tenant}'::uuid, '${dataset}'::uuid, current_user))`;

export const tableOf = (dataset: string): string => `data.t_${hex(dataset)}`;
export const doorOf = (dataset: string): string => `data.d_${hex(dataset)}`;

/** The chosen shape: a closed table of native columns and the view that is its only door. */
export const nativeDataset = (dataset: string, columns: readonly Column[]): string => `
  create table ${tableOf(dataset)} (
    tenant_id uuid not null default '${tenant}', ${rowColumns},
    ${typed(columns)}, overflow jsonb, primary key (tenant_id, id));
  create view ${doorOf(dataset)} as
    select tenant_id, ${rowNames}, ${names(columns)} from ${tableOf(dataset)}
    where tenant_id = '${tenant}'::uuid and ${reached(dataset)}
    with local check option;
  grant select, insert on ${doorOf(dataset)} to ${member};`;

export const nativeIndexes = (dataset: string, columns: readonly Column[]): string =>
  columns
    .filter(({ indexed }) => indexed)
    .map(({ slot }) => `create index on ${tableOf(dataset)} (tenant_id, c${slot}, id);`)
    .join("\n");
