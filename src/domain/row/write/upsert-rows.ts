import { gives, rowsGiven } from "../../../authz/access-plan.ts";
import { type KeyedRow, lockKeyedRows, lockKeys } from "../../../db/keyed-rows.ts";
import type { UniqueColumns } from "../../../db/row-writes.ts";
import type { Context } from "../../../graphql/context.ts";
import { MovedError } from "../../../graphql/errors.ts";
import { type KnownDataset, lackingOn } from "../../../access/known-dataset.ts";
import { newRows } from "./create-rows.ts";
import type { RowFault } from "./row-fault.ts";
import { staleFault } from "./row-target.ts";
import { requireChangeable, uneditable } from "./update-rows.ts";
import { readKeys, upsertKey } from "./upsert-key.ts";
import { requireTelling } from "./write-rights.ts";
import type { OnFault } from "./write-result.ts";
import { carryOut, type ChangedRow, judgeWrites, type RowWrites, type Work } from "./write-rows.ts";
import { fieldsNamed, type PlacedRow, writtenRows } from "./written-cells.ts";

/** One row of an upsert. */
export interface RowUpsert {
  readonly values: unknown;
  /** The version that the writer has seen; the row must be there, and have it. */
  readonly expectedVersion?: number | null | undefined;
}

/** A call that makes or changes rows. */
export interface Upsert {
  readonly rows: readonly RowUpsert[];
  /** The name of the unique column to find rows by; null: the key columns. */
  readonly by: string | null;
  readonly onFault: OnFault;
}

/**
 * Changes the rows that have the keys of a call, and makes those that are not there. To the caller a row is
 * there if it sees it and may read its key: as a change it is judged by the rights to change it, and as a new
 * one by the rights to make it. The cells of the key, by which it was found, are not among the changed ones.
 *
 * @throws {ForbiddenError} for a unique column that the caller may not be told of, before any look-up; in the
 *   work, for what it lacks of the rights to change or to make the rows.
 * @throws {RowFaultsError} in the work, when a row is at fault, unless faulty rows are to be skipped.
 */
export function upsertRows(dataset: KnownDataset, { rows, by, onFault }: Upsert): Work {
  const { plan, definition } = dataset;
  if (!gives(plan, "UPDATE") && rowsGiven(plan, "CREATE").length === 0) {
    throw lackingOn(dataset, "UPDATE");
  }
  const key = upsertKey(dataset, by);
  const inputs = rows.map(({ values }) => values);
  const written = writtenRows(dataset, "CREATE", inputs);
  requireTelling(dataset, new Set([...key, ...fieldsNamed(written.rows)]));
  const { keyed, faults: ofKeys } = readKeys(key, written.rows);
  const own = [...written.faults, ...ofKeys];
  return async (context) => {
    await lockKeys(context.transaction, definition);
    const found = await lockKeyedRows(context.transaction, dataset, key, keyed);
    const { faults, ...split } = splitRows(dataset, key, { keyed, found });
    const stale = keyed.flatMap(({ row }) => staleAt(row, rows[row], found.get(row)));
    const all = [...own, ...faults, ...stale];
    const writes = { count: rows.length, ...split, faults: all, onFault };
    const judged = await judgeWrites(context, dataset, writes);
    await requireUnmoved(context, dataset, key, judged);
    return await carryOut(context, dataset, judged);
  };
}

interface Found {
  readonly keyed: readonly PlacedRow[];
  readonly found: ReadonlyMap<number, KeyedRow>;
}

/** @throws {ForbiddenError} where some row is to be made, or to be changed, and its columns are not to be set so. */
function splitRows(dataset: KnownDataset, key: UniqueColumns, { keyed, found }: Found) {
  const isFound = ({ row }: PlacedRow) => found.has(row);
  const unfound = keyed.filter((row) => !isFound(row));
  const made = unfound.length > 0 ? newRows(dataset, unfound) : { creations: [], faults: [] };
  const sets = keyed.filter(isFound).map((row) => withoutKey(key, row));
  if (sets.length > 0) requireChangeable(dataset, fieldsNamed(sets));
  const changes = sets.flatMap((set): ChangedRow[] => {
    const there = found.get(set.row);
    return there ? [{ ...set, ...there, set }] : [];
  });
  return { creations: made.creations, changes, faults: [...made.faults, ...uneditable(sets)] };
}

function withoutKey(key: UniqueColumns, row: PlacedRow): PlacedRow {
  return { ...row, cells: new Map([...row.cells].filter(([column]) => !key.includes(column))) };
}

function staleAt(row: number, asked?: RowUpsert, there?: KeyedRow): RowFault[] {
  const expectedVersion = asked?.expectedVersion;
  if (typeof expectedVersion !== "number") return [];
  const fault = staleFault(expectedVersion, there?.version ?? null);
  return fault ? [{ row, column: null, ...fault }] : [];
}

/**
 * A row that is to be made and whose key is taken: by one that the caller does not see, which is a fault, or by
 * one that was made, or got the key, since the rows were looked for.
 *
 * @throws {MovedError} in the second case.
 */
async function requireUnmoved(
  { transaction }: Context,
  dataset: KnownDataset,
  key: UniqueColumns,
  { creations, faults }: RowWrites,
): Promise<void> {
  const taken = new Set(faults.flatMap(({ row, code }) => (code === "NOT_UNIQUE" ? [row] : [])));
  const again = creations.filter(({ row }) => taken.has(row));
  const found = await lockKeyedRows(transaction, dataset, key, again);
  if (found.size > 0) throw new MovedError("Rows were made");
}
