import type { CellValue } from "../cell/cell-value.ts";

/** Cells by the slots of their columns, in canonical form; null: no value. */
export type LoggedCells = Readonly<Record<string, CellValue>>;

/** What a commit did to where a row leads. */
export interface LinkChange {
  readonly linkId: string;
  readonly targetId: string;
  /** Or else removed. */
  readonly isMade: boolean;
}

/**
 * What one commit did to one row. A creation has no cells before and a deletion none after; of an edit both
 * hold the cells that it changed, if any.
 */
export interface RowRecord {
  readonly rowId: string;
  /** Of the row after it. A deletion is the version after the last; a link that is lost because its target is
   * deleted makes no version. */
  readonly version: number;
  readonly before: LoggedCells | null;
  readonly after: LoggedCells | null;
  readonly links: readonly LinkChange[];
}

/** A whole row, as it is or was. */
export interface LoggedRow {
  /** Those that have a value. */
  readonly cells: LoggedCells;
  /** `<link> <target>`, for each row that it leads to. */
  readonly links: ReadonlySet<string>;
}

const EMPTY: LoggedRow = { cells: {}, links: new Set() };

/** The row after a record, from the row before it; null where there is none. */
export function rowAfter(was: LoggedRow | null, record: RowRecord): LoggedRow | null {
  return turned(was, record.after, record.links, true);
}

/** The row before a record, from the row after it; null where there is none. */
export function rowBefore(becomes: LoggedRow | null, record: RowRecord): LoggedRow | null {
  return turned(becomes, record.before, record.links, false);
}

function turned(
  row: LoggedRow | null,
  cells: LoggedCells | null,
  changes: readonly LinkChange[],
  isForward: boolean,
): LoggedRow | null {
  if (cells === null) return null;
  const { cells: others, links: led } = row ?? EMPTY;
  const links = new Set(led);
  for (const { linkId, targetId, isMade } of changes) {
    if (isMade === isForward) links.add(`${linkId} ${targetId}`);
    else links.delete(`${linkId} ${targetId}`);
  }
  const merged = Object.entries({ ...others, ...cells }).filter(([, value]) => value !== null);
  return { cells: Object.fromEntries(merged), links };
}
