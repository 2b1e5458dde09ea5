import { cells, names, orderColumns, values } from "./columns.ts";
import { member, owner } from "./database.ts";
import { hex, orders, rowId, tenant } from "./ids.ts";
import {
  genericIndexes,
  genericSource,
  genericTables,
  genericView,
  jsonDataset,
  jsonIndexes,
  keyIndex,
  keysOf,
} from "./jsonb.ts";
import {
  doorOf,
  nativeDataset,
  nativeIndexes,
  plainIndexes,
  plainTable,
  rowNames,
  tableOf,
} from "./native.ts";
import type { Question } from "./questions.ts";

/** One way to keep a dataset. */
export interface Shape {
  readonly name: string;
  readonly role: string;
  /** The statements that make it and fill it from the plain table. */
  readonly build: readonly string[];
  /** The statement that asks the question; undefined where that makes no sense. */
  readonly ask: (question: Question) => string | undefined;
}

export const baseline = "baseline";
export const chosen = "a native, view";

const plain = "data.plain";
const columns = orderColumns;
const wide = `${rowNames}, ${names(columns)}`;
const celled = `${rowNames}, ${cells(columns)}`;
const rows = genericSource(orders, columns);

const filled = (count: number): string => `
  insert into ${plain} (id, ${names(columns)})
  select ${rowId}, ${values(columns)} from generate_series(1::bigint, ${count}) i`;

const native = (count: number): readonly Shape[] => [
  {
    name: baseline,
    role: owner,
    build: [plainTable(plain, columns), filled(count), plainIndexes(plain, columns)],
    ask: ({ sql }) => sql(plain),
  },
  {
    name: chosen,
    role: member,
    build: [
      nativeDataset(orders, columns),
      `insert into ${tableOf(orders)} (${wide}) select ${wide} from ${plain}`,
      nativeIndexes(orders, columns),
    ],
    ask: ({ sql }) => sql(doorOf(orders)),
  },
];

const generic: readonly Shape[] = [
  {
    name: "b generic, RLS",
    role: member,
    build: [
      genericTables,
      `insert into generic.row (tenant_id, dataset_id, ${rowNames}, cells)
       select '${tenant}', '${orders}', ${celled} from ${plain}`,
      genericIndexes(orders, columns),
    ],
    ask: ({ sql }) => sql(rows),
  },
  {
    name: "c generic, keys",
    role: member,
    build: [
      ...columns.filter(({ indexed }) => indexed).map((column) => keysOf(orders, column, plain)),
      keyIndex,
    ],
    ask: ({ throughKeys }) => throughKeys?.(rows),
  },
  {
    name: "d generic, view",
    role: member,
    build: [genericView(orders, columns)],
    ask: ({ sql }) => sql(`generic.d_${hex(orders)}`),
  },
];

const jsonTable: Shape = {
  name: "e jsonb, view",
  role: member,
  build: [
    jsonDataset(orders, columns),
    `insert into data.j_${hex(orders)} (${rowNames}, cells) select ${celled} from ${plain}`,
    jsonIndexes(orders, columns),
  ],
  ask: ({ sql }) => sql(`data.k_${hex(orders)}`),
};

/** The baseline, the chosen shape, and those that were not chosen; b, c and d share their rows. */
export const shapes = (count: number): readonly Shape[] => [
  ...native(count),
  ...generic,
  jsonTable,
];
