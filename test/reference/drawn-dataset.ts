import fc from "fast-check";
import { aCell, OPTIONS, TAGS } from "./drawn-cells.ts";
import type { Cell, Column, ColumnType, Dataset, Link, Row } from "./model.ts";

/** TEXT comes most often, since most can go wrong in it. */
const TYPES: readonly ColumnType[] = [
  ...(["TEXT", "TEXT", "TEXT", "DECIMAL", "DECIMAL", "INTEGER"] as const),
  ...(["BOOLEAN", "DATE", "DATETIME", "SELECT", "JSON"] as const),
];

const COLUMN_NAMES = ["first", "second", "third", "fourth", "fifth"];

/** The column by which rows are found: no two have the same value in it. */
export const KEY = "tag";

const KEY_COLUMN: Column = {
  name: KEY,
  type: "TEXT",
  whenDenied: "ABSENT",
  default: null,
  isRequired: false,
  options: [],
  isUnique: true,
};

/** A dataset with 2 to 5 columns besides its key and 3 to 6 rows, and no links yet. */
export function aDataset(name: string): fc.Arbitrary<Dataset> {
  const columns = fc
    .array(fc.constantFrom(...TYPES), { minLength: 2, maxLength: COLUMN_NAMES.length })
    .chain((types) => fc.tuple(...types.map((type, index) => aColumn(type, COLUMN_NAMES[index]))))
    .map((drawn) => [...drawn, KEY_COLUMN]);
  return columns.chain((drawn) =>
    fc.record({
      name: fc.constant(name),
      accessLevel: fc.constantFrom("PRIVATE", "ONLY_VIZ", "OPEN", "OPEN"),
      columns: fc.constant(drawn),
      links: fc.constant([]),
      rows: someRows(name, drawn),
    }),
  );
}

/** Few are required, since NULL is what filters are most easily wrong about. */
function aColumn(type: ColumnType, name = ""): fc.Arbitrary<Column> {
  return fc.integer({ min: 0, max: 4 }).chain((drawn) => {
    const isRequired = drawn === 0;
    return fc.record({
      name: fc.constant(name),
      type: fc.constant(type),
      whenDenied: fc.constantFrom("ABSENT", "NULL", "ERROR"),
      default: fc.oneof(fc.constant(null), aCell({ type, isRequired: false })),
      isRequired: fc.constant(isRequired),
      options: fc.constant(type === "SELECT" ? OPTIONS : []),
    });
  });
}

function someRows(dataset: string, columns: readonly Column[]): fc.Arbitrary<Row[]> {
  return fc.array(someCells(columns), { minLength: 3, maxLength: 6 }).map((rows) =>
    rows.map((cells, index) => ({
      id: `${dataset} ${index + 1}`,
      cells: { ...cells, [KEY]: cells[KEY] === null ? null : (TAGS[index] ?? null) },
      links: {},
    })),
  );
}

/** A value for each of the columns. */
export function someCells(columns: readonly Column[]): fc.Arbitrary<Record<string, Cell>> {
  return fc
    .tuple(...columns.map((column) => aCell(column)))
    .map((cells) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, cells[index] ?? null])),
    );
}

/** The same datasets with a link from some of them to one of them, itself included. */
export function linked(datasets: readonly Dataset[]): fc.Arbitrary<Dataset[]> {
  return fc.tuple(
    ...datasets.map((dataset) =>
      fc
        .tuple(fc.constantFrom(true, true, false), fc.boolean(), fc.constantFrom(...datasets))
        .chain(([hasLink, isMany, target]) =>
          hasLink
            ? withLink(dataset, { name: "leads_to", target: target.name, isMany }, target)
            : fc.constant(dataset),
        ),
    ),
  );
}

function withLink(dataset: Dataset, link: Link, target: Dataset): fc.Arbitrary<Dataset> {
  const ids = fc.subarray(
    target.rows.map(({ id }) => id),
    { maxLength: link.isMany ? target.rows.length : 1 },
  );
  return fc.tuple(...dataset.rows.map(() => ids)).map((drawn) => ({
    ...dataset,
    links: [link],
    rows: dataset.rows.map((row, index) => ({
      ...row,
      links: { [link.name]: drawn[index] ?? [] },
    })),
  }));
}
