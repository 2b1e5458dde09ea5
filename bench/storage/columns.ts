/** One column of a measured dataset. */
export interface Column {
  readonly slot: number;
  /** The native PostgreSQL type, collation included. */
  readonly type: string;
  /** The SQL expression of its value in row number `i` (bigint). */
  readonly value: string;
  readonly indexed: boolean;
}

const text = 'text collate "C"';

const definitions: readonly (readonly [type: string, value: string])[] = [
  ["bigint", "case when i % 97 <> 0 then i * 7919 % 1000003 end"],
  ["numeric", "round((i * 104729 % 10000019)::numeric / 100, 2)"],
  [text, "'code-' || lpad((i * 31 % 1009)::text, 4, '0')"],
  [text, "(array['north','south','east','west','centre','isles','coast','hills'])[1 + i * 13 % 8]"],
  [text, "(array['new','paid','sent','done','void'])[1 + i * 7 % 5]"],
  ["boolean", "i % 3 = 0"],
  ["date", "date '2020-01-01' + (i % 2000)::int"],
  ["timestamptz(3)", "timestamptz '2020-01-01 00:00:00+00' + i * interval '61 seconds'"],
  ["numeric", "round((i * 31337 % 99991)::numeric / 100, 2)"],
  ["bigint", "1 + i % 20"],
  [text, "md5(i::text)"],
  [text, "case when i % 4 <> 0 then 'note ' || i end"],
  ["numeric", "round((i % 25)::numeric / 100, 2)"],
  ["bigint", "case when i % 5 <> 0 then i * 3 end"],
  [text, "'customer-' || lpad((i * 17 % 50000)::text, 6, '0')"],
];

/** An orders-like dataset: fifteen columns; an INTEGER (1 % null), a DECIMAL and a TEXT indexed. */
export const orderColumns: readonly Column[] = definitions.map(([type, value], at) => ({
  slot: at + 1,
  type,
  value,
  indexed: at < 3,
}));

/** What each of the further datasets has: five columns, two of them indexed. */
export const crowdColumns: readonly Column[] = orderColumns
  .slice(0, 5)
  .map((column) => ({ ...column, indexed: column.slot <= 2 }));

/** The columns by name, as a select list or an insert's target list. */
export const names = (columns: readonly Column[]): string =>
  columns.map(({ slot }) => `c${slot}`).join(", ");

/** Their values in row number `i`, as a select list. */
export const values = (columns: readonly Column[]): string =>
  columns.map(({ slot, value }) => `${value} as c${slot}`).join(", ");

/** The jsonb object that holds the named columns under their slots. */
export const cells = (columns: readonly Column[]): string =>
  `jsonb_build_object(${columns.map(({ slot }) => `'${slot}', c${slot}`).join(", ")})`;

/** A column read out of a jsonb object, natively typed. */
export const cell = ({ slot, type }: Column, from: string): string =>
  type.startsWith("text")
    ? `(${from} ->> '${slot}') collate "C"`
    : `(${from} ->> '${slot}')::${type}`;

/** All columns read out of a jsonb object, as a select list. */
export const cellsAsColumns = (columns: readonly Column[], from: string): string =>
  columns.map((column) => `${cell(column, from)} as c${column.slot}`).join(", ");
