import { rowsChangeable, rowsGiven, rowsOf } from "../../authz/access-plan.ts";
import type { RowInHand } from "../../authz/evaluate.ts";
import { isEveryRow, type Predicate } from "../../authz/predicate.ts";
import type { CellValue } from "../../cell/cell-value.ts";
import type { Field } from "../../db/dataset-definition.ts";
import type { Cells } from "../../db/row-writes.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, lackingOn } from "../../access/known-dataset.ts";
import { judgeOf, rowsAsTheyAre } from "../../access/row-judge.ts";
import type { RowFault } from "./row-fault.ts";
import type { OnFault } from "./write-result.ts";
import { fieldsSet, type WrittenRow } from "./written-cells.ts";

/** A row of a write that is without fault so far: its place in the call, and what is set in it. */
export interface JudgedRow extends WrittenRow {
  readonly row: number;
  readonly id: string;
}

/** A right that a row lacks: on one column or link, or on the row as a whole. */
interface Lack {
  readonly row: number;
  readonly field: Field | null;
}

type WriteAction = "CREATE" | "UPDATE" | "DELETE";

/**
 * Judges new rows: one role has to give CREATE on the complete row, with its defaults, and on each column
 * and link that the call sets one that does.
 *
 * @param rows The complete rows.
 * @param set What the call sets in a row, by its place in the call.
 */
export function judgeNewRows(
  dataset: KnownDataset,
  rows: readonly JudgedRow[],
  set: (row: number) => readonly Field[],
): Lack[] {
  const judge = judgeOf(dataset.definition);
  const { plan } = dataset;
  return rows.flatMap(({ row, cells }): Lack[] => {
    const becomes = withCells(withoutValues(dataset), cells);
    const isGiven = (given: readonly Predicate[]) => given.some((each) => judge(each, [becomes]));
    if (!isGiven(rowsGiven(plan, "CREATE"))) return [{ row, field: null }];
    const lacking = set(row).find(({ id }) => !isGiven(rowsOf(plan, "CREATE", id)));
    return lacking ? [{ row, field: lacking }] : [];
  });
}

/**
 * Judges changes of rows that are locked: of each column and link that is set one role has to give UPDATE on
 * it in the whole row as it is and as it becomes; where none is set, on some field of the row.
 */
export async function judgeChanges(
  { transaction }: Context,
  dataset: KnownDataset,
  rows: readonly JudgedRow[],
): Promise<Lack[]> {
  const asked = rightsAsked(dataset);
  const filtered = rows.filter((row) => asked(row).some(({ given }) => !given.some(isEveryRow)));
  const predicates = new Set(filtered.flatMap((row) => asked(row).flatMap(({ given }) => given)));
  const ids = filtered.map(({ id }) => id);
  const were = await rowsAsTheyAre(transaction, dataset.definition, ids, [...predicates]);
  const judge = judgeOf(dataset.definition);
  return filtered.flatMap((each): Lack[] => {
    const { row, id, cells } = each;
    const was = were.get(id) ?? new Map();
    const versions = [was, withCells(was, cells)];
    const lacking = asked(each).find(
      ({ given }) => !given.some((predicate) => judge(predicate, versions)),
    );
    return lacking ? [{ row, field: lacking.field }] : [];
  });
}

/** UPDATE on a column or link, or on any: the rows in which it is given. */
interface AskedRight {
  readonly field: Field | null;
  readonly given: readonly Predicate[];
}

/** What a change of a row asks for by what it sets: also one that sets nothing is an edit of the row. */
function rightsAsked({ plan }: KnownDataset): (row: JudgedRow) => AskedRight[] {
  const any = { field: null, given: rowsChangeable(plan) };
  const known = new Map<Field, AskedRight>();
  const rightOn = (field: Field) => {
    const right = known.get(field) ?? { field, given: rowsOf(plan, "UPDATE", field.id) };
    known.set(field, right);
    return right;
  };
  return (row) => {
    const fields = fieldsSet(row);
    return fields.length === 0 ? [any] : fields.map(rightOn);
  };
}

/** Judges deletions of rows that are locked: one role has to give DELETE on the row as it is. */
export async function judgeDeletions(
  { transaction }: Context,
  dataset: KnownDataset,
  rows: readonly Pick<JudgedRow, "row" | "id">[],
): Promise<Lack[]> {
  const given = rowsGiven(dataset.plan, "DELETE");
  if (given.some(isEveryRow)) return [];
  const ids = rows.map(({ id }) => id);
  const were = await rowsAsTheyAre(transaction, dataset.definition, ids, given);
  const judge = judgeOf(dataset.definition);
  return rows.flatMap(({ row, id }): Lack[] => {
    const was = were.get(id) ?? new Map();
    return given.some((each) => judge(each, [was])) ? [] : [{ row, field: null }];
  });
}

/**
 * What becomes of rows that lack a right: faults, where faulty rows are skipped.
 *
 * @throws {ForbiddenError} of the first of them, where they are not.
 */
export function refuseLacks(
  dataset: KnownDataset,
  action: WriteAction,
  lacks: readonly Lack[],
  onFault: OnFault,
): RowFault[] {
  const [first] = lacks;
  if (first && onFault === "REJECT_ALL") {
    throw lackingOn(dataset, action, {
      field: first.field ?? undefined,
      why: `row ${first.row} of the call is not one on which a role of yours gives it, and so `,
    });
  }
  return lacks.map(({ row, field }) => ({
    row,
    column: field?.name ?? null,
    code: "FORBIDDEN",
    message: `None of your roles gives ${action} on this row.`,
  }));
}

/** A row in which no column has a value. */
function withoutValues({ definition: { columns } }: KnownDataset): RowInHand {
  return new Map(columns.map(({ id }) => [id, null]));
}

/** The row as it becomes, as far as it is known what it was. */
function withCells(was: RowInHand, cells: Cells): RowInHand {
  return new Map([...was, ...[...cells].map(([{ id }, value]) => [id, inHand(value)] as const)]);
}

/** Of JSON only whether there is a value counts. */
function inHand(value: CellValue) {
  if (value === null) return null;
  return typeof value === "string" || typeof value === "boolean" ? value : true;
}
