import { names, orderColumns } from "./columns.ts";
import { orders } from "./ids.ts";
import { sortKey, throughKeys } from "./jsonb.ts";

/** One question, asked in the same words of every shape that names its columns. */
export interface Question {
  readonly name: string;
  /** Whether the chosen shape must answer it within the limit. */
  readonly limited: boolean;
  readonly values: readonly string[];
  readonly sql: (source: string) => string;
  /** The same question asked through an index table; absent where that makes no sense. */
  readonly throughKeys?: (rows: string) => string;
}

/** A row in the middle of the order by `c1`. */
export interface Middle {
  readonly value: string;
  readonly id: string;
}

const keyed = (slot: number, rows: string, rest: string): string =>
  `select r.id, r.c1, r.c4 ${throughKeys(orders, slot, rows)} ${rest}`;

function key(slot: number, parameter: string): string {
  const column = orderColumns.find((candidate) => candidate.slot === slot);
  if (!column) throw new Error(`no column ${slot}`);
  return sortKey(column, `${parameter}::${column.type}`);
}

const filters: readonly Question[] = [
  {
    name: "filter INTEGER range (0.1 %)",
    limited: true,
    values: ["400000", "401010"],
    sql: (source) => `select id, c1, c4 from ${source} r where c1 between $1 and $2`,
    throughKeys: (rows) => keyed(1, rows, `and k.key between ${key(1, "$1")} and ${key(1, "$2")}`),
  },
  {
    name: "filter DECIMAL range (0.1 %)",
    limited: true,
    values: ["40000.00", "40100.00"],
    sql: (source) => `select id, c1, c4 from ${source} r where c2 between $1 and $2`,
    throughKeys: (rows) => keyed(2, rows, `and k.key between ${key(2, "$1")} and ${key(2, "$2")}`),
  },
  {
    name: "filter TEXT equality (0.1 %)",
    limited: true,
    values: ["code-0500"],
    sql: (source) => `select id, c1, c4 from ${source} r where c3 = $1`,
    throughKeys: (rows) => keyed(3, rows, `and k.key = $1`),
  },
];

const pages = ({ value, id }: Middle): readonly Question[] => [
  {
    name: "order, first 50",
    limited: true,
    values: [],
    sql: (source) => `select id, c1, c4 from ${source} r order by c1, id limit 50`,
    throughKeys: (rows) => keyed(1, rows, "order by k.key, k.row_id limit 50"),
  },
  {
    name: "keyset page in the middle",
    limited: true,
    values: [value, id],
    sql: (source) => `
      select id, c1, c4 from ${source} r where (c1, id) > ($1::bigint, $2::uuid)
      order by c1, id limit 50`,
    throughKeys: (rows) =>
      keyed(
        1,
        rows,
        `and (k.key, k.row_id) > (${key(1, "$1")}, $2::uuid) order by k.key, k.row_id limit 50`,
      ),
  },
  {
    name: "the same descending, nulls last",
    limited: true,
    values: [value, id],
    sql: (source) => `
      select id, c1, c4 from (
        (select 1 as part, id, c1, c4 from ${source} r
         where (c1, id) < ($1::bigint, $2::uuid) order by c1 desc, id desc limit 50)
        union all
        (select 2, id, c1, c4 from ${source} r where c1 is null order by c1 desc, id desc limit 50)) page
      order by part, c1 desc, id desc limit 50`,
  },
];

const sweeps: readonly Question[] = [
  {
    name: "count",
    limited: false,
    values: [],
    sql: (source) => `select count(*) from ${source} r`,
  },
  {
    name: "group by and sum",
    limited: false,
    values: [],
    sql: (source) => `select c4, sum(c9) from ${source} r group by c4 order by c4`,
  },
  {
    name: "10,000 rows × 15 columns as JSON",
    limited: false,
    values: [],
    sql: (source) => `
      select row_to_json(r)::text
      from (select ${names(orderColumns)} from ${source} s order by id limit 10000) r`,
  },
];

/** Everything that is asked, in the order of the report. */
export const questions = (middle: Middle): readonly Question[] => [
  ...filters,
  ...pages(middle),
  ...sweeps,
];
