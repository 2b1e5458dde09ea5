export const COLUMN_TYPES = [
  "TEXT",
  "INTEGER",
  "DECIMAL",
  "BOOLEAN",
  "DATE",
  "DATETIME",
  "SELECT",
  "JSON",
] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

/** The types that have an order a caller would expect of a `min` and a `max`. */
const RANGED_TYPES: ReadonlySet<ColumnType> = new Set(["INTEGER", "DECIMAL", "DATE", "DATETIME"]);

/** The types whose cells are free text: they alone are bounded in bytes by an index. */
const TEXT_TYPES: ReadonlySet<ColumnType> = new Set(["TEXT", "SELECT"]);

export const isRanged = (type: ColumnType): boolean => RANGED_TYPES.has(type);

export const isText = (type: ColumnType): boolean => TEXT_TYPES.has(type);

/** What a cell of a column must satisfy. `cellParser` enforces all but uniqueness. */
export interface ColumnRules {
  readonly name: string;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  /** Canonical cell text, inclusive; only on ranged types. */
  readonly min: string | null;
  readonly max: string | null;
  /** Characters (code points); only on TEXT. */
  readonly maxLength: number | null;
  /** A regular expression that the whole cell must match; only on TEXT. */
  readonly pattern: string | null;
  /** Canonical text; `null` for other types and where another column offers the values. */
  readonly options: readonly string[] | null;
}
