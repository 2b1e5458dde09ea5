import { rowsAsTheyAre, judgeOf } from "../../access/row-judge.ts";
import { rowsSeen } from "../../authz/access-plan.ts";
import { type DataNeed, rowsNeeded, type Told, toldAny } from "../../authz/explain.ts";
import { columnsIn, EVERY_ROW, type Predicate } from "../../authz/predicate.ts";
import { readableColumns } from "../../db/readable-view.ts";
import { rowPages } from "../../db/row-pages.ts";
import type { Row } from "../../db/shown-row.ts";
import type { Context } from "../../graphql/context.ts";
import type { AskedData } from "./access-object.ts";
import type { SubjectView } from "./subject-view.ts";

/** What holds on the row that is asked about. */
export interface RowFacts {
  /** Whether a predicate holds on it; null where that depends on cells that the caller may not read. */
  readonly told: (predicate: Predicate) => Told;
  /** Whether a plan gives what is needed there. */
  readonly gives: (need: DataNeed) => Told;
}

/** Who is asked about, and which row. */
interface AskedRow extends AskedData {
  readonly row: Row;
  readonly view: SubjectView;
  readonly isCaller: boolean;
}

/**
 * What holds on a row: reads by the readable view of the subject, writes by the row as it is, as they are
 * decided.
 *
 * About itself a caller hears what the API would answer. About another it hears nothing that depends on
 * cells which it may not read in this row.
 */
export async function factsOfRow(context: Context, asked: AskedRow): Promise<RowFacts> {
  const { row, view, dataset, isCaller } = asked;
  const { plan, definition } = view;
  const given = Object.values(plan).flatMap((branches) => branches.map(({ rows }) => rows));
  const were = await rowsAsTheyAre(context.transaction, definition, [row.id], given);
  const holds = judgeOf(definition)([were.get(row.id) ?? new Map()]);
  const readable = new Set(
    dataset.definition.columns
      .filter(({ name }) => Object.hasOwn(row.cells, name))
      .map(({ id }) => id),
  );
  const told = (predicate: Predicate) =>
    columnsIn(predicate).every((id) => readable.has(id)) ? holds(predicate) : null;
  const seen = await rowAsSeen(context, view, row.id);
  const gives = (need: DataNeed): Told => {
    const rows = rowsNeeded(plan, need);
    if (!isCaller && toldAny(rows.map(told)) === null) return null;
    return need.action === "READ" ? isIn(view, seen, need) : rows.some(holds);
  };
  return { told, gives };
}

/** The row in the readable view of the subject; null where it is not there. */
async function rowAsSeen(
  { transaction }: Context,
  view: SubjectView,
  id: string,
): Promise<Row | null> {
  if (rowsSeen(view.plan).length === 0) return null;
  const page = {
    dataset: view,
    columns: readableColumns(view),
    filter: EVERY_ROW,
    ids: [id],
    order: [],
    after: null,
    limit: 1,
  };
  const [rows = []] = await rowPages(transaction, [page]);
  return rows[0] ?? null;
}

/** Whether the row is there, and in it the cell that is needed. */
function isIn({ definition }: SubjectView, seen: Row | null, need: DataNeed): boolean {
  if (!seen || need.on !== "FIELD") return seen !== null;
  const column = definition.columns.find(({ id }) => id === need.fieldId);
  return column !== undefined && Object.hasOwn(seen.cells, column.name);
}
