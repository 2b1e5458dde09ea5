import { rowsChangeable, rowsGiven, rowsOf } from "../../authz/access-plan.ts";
import type { RowInHand } from "../../authz/evaluate.ts";
import { columnsIn, isEveryRow, type Predicate } from "../../authz/predicate.ts";
import type { CellValue } from "../../cell/cell-value.ts";
import { compareOperands } from "../../cell/compare-operands.ts";
import type { Field } from "../../db/dataset-definition.ts";
import type { Cells } from "../../db/incoming-rows.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, lackingOn } from "../../access/known-dataset.ts";
import { judgeOf, rowsAsTheyAre } from "../../access/row-judge.ts";
import { setByConditions } from "../../access/write-needs.ts";
import { ForbiddenError } from "../../graphql/forbidden-error.ts";
import type { RowFault } from "./write/row-fault.ts";
import type { OnFault } from "./write/write-result.ts";
import { fieldsSet, type PlacedRow, type WrittenRow } from "./write/written-cells.ts";

/** A row of a write as it becomes, as far as the write tells: with its defaults where it is new. */
export interface BecomingRow extends Pick<PlacedRow, "row" | "cells" | "links"> {
  readonly id: string;
  /** What the call sets of it. */
  readonly set: WrittenRow;
}

/** A right that a row lacks: on one column or link, or on the row as a whole. */
interface Lack {
  readonly row: number;
  readonly field: Field | null;
  /** Whether it is the caller's token that stands in the way. */
  readonly isRestricted?: true;
}

type WriteAction = "CREATE" | "UPDATE" | "DELETE";

/**
 * Judges new rows: one role has to give CREATE on the complete row, with its defaults, and on each column
 * and link that the call sets one that does; and what the caller's token gives new rows nobody gives otherwise.
 */
export function judgeNewRows(dataset: KnownDataset, rows: readonly BecomingRow[]): Lack[] {
  const others = otherwiseThanGiven(dataset, rows);
  const at = new Set(others.map(({ row }) => row));
  const rest = rows.filter(({ row }) => !at.has(row));
  return [...others, ...lacksOfNew(dataset, rest)].toSorted((one, other) => one.row - other.row);
}

/** The rows that set a column otherwise than the conditions of the caller's token do. */
function otherwiseThanGiven(
  { definition, rights }: KnownDataset,
  rows: readonly BecomingRow[],
): Lack[] {
  const given = [...setByConditions(definition, rights)];
  if (given.length === 0) return [];
  return rows.flatMap(({ row, set: { cells } }): Lack[] => {
    const [otherwise] = given.find(([column, value]) => {
      const set = inHand(cells.get(column) ?? null);
      return cells.has(column) && (set === null || compareOperands(column.type, set, value) !== 0);
    }) ?? [null];
    return otherwise ? [{ row, field: otherwise, isRestricted: true }] : [];
  });
}

function lacksOfNew(dataset: KnownDataset, rows: readonly BecomingRow[]): Lack[] {
  const { plan, definition } = dataset;
  const rightOn = rightsOn(dataset, "CREATE");
  const whole = askedRight(null, rowsGiven(plan, "CREATE"));
  const filtered = whereFiltered(rows, ({ set }) => [whole, ...fieldsSet(set).map(rightOn)]);
  const named = new Set([...predicatesOf(filtered)].flatMap(columnsIn));
  const columns = definition.columns.filter(({ id }) => named.has(id));
  const judge = judgeOf(definition);
  return filtered.flatMap(({ of: { row, cells }, rights }) => {
    const becomes = columns.map(
      (column) => [column.id, inHand(cells.get(column) ?? null)] as const,
    );
    return lacksIn(row, rights, judge([new Map(becomes)]));
  });
}

/**
 * Judges changes of rows that are locked: of each column and link that is set one role has to give UPDATE on
 * it in the whole row as it is and as it becomes; where none is set, on some field of the row, since also
 * that is an edit of it.
 */
export async function judgeChanges(
  { transaction }: Context,
  dataset: KnownDataset,
  rows: readonly BecomingRow[],
): Promise<Lack[]> {
  const { plan, definition } = dataset;
  const rightOn = rightsOn(dataset, "UPDATE");
  const any = askedRight(null, rowsChangeable(plan));
  const filtered = whereFiltered(rows, ({ set }) => {
    const fields = fieldsSet(set);
    return fields.length === 0 ? [any] : fields.map(rightOn);
  });
  const ids = filtered.map(({ of: { id } }) => id);
  const were = await rowsAsTheyAre(transaction, definition, ids, [...predicatesOf(filtered)]);
  const judge = judgeOf(definition);
  return filtered.flatMap(({ of: { row, id, cells }, rights: asked }) => {
    const was = were.get(id) ?? new Map();
    return lacksIn(row, asked, judge([was, withCells(was, cells)]));
  });
}

/** A right on a column or link, or on the row as a whole, that is given in some rows. */
interface AskedRight {
  readonly field: Field | null;
  readonly given: readonly Predicate[];
  readonly isGivenInAll: boolean;
}

const askedRight = (field: Field | null, given: readonly Predicate[]): AskedRight => ({
  field,
  given,
  isGivenInAll: given.some(isEveryRow),
});

/** The right on each field, made once however many rows ask for it. */
function rightsOn({ plan }: KnownDataset, action: "CREATE" | "UPDATE") {
  const known = new Map<Field, AskedRight>();
  return (field: Field): AskedRight => {
    const right = known.get(field) ?? askedRight(field, rowsOf(plan, action, field.id));
    known.set(field, right);
    return right;
  };
}

/** A row, and of the rights that it asks for those that are not given in every row. */
interface AskingRow {
  readonly of: BecomingRow;
  readonly rights: readonly AskedRight[];
}

/** The rows that ask for a right which is not given in every row: only of those it depends what they hold. */
function whereFiltered(
  rows: readonly BecomingRow[],
  rightsOf: (row: BecomingRow) => readonly AskedRight[],
): AskingRow[] {
  return rows
    .map((of) => ({ of, rights: rightsOf(of).filter(({ isGivenInAll }) => !isGivenInAll) }))
    .filter(({ rights }) => rights.length > 0);
}

/** What rows are judged by. */
function predicatesOf(rows: readonly AskingRow[]): Set<Predicate> {
  const asked = new Set<AskedRight>();
  for (const { rights } of rows) for (const right of rights) asked.add(right);
  return new Set([...asked].flatMap(({ given }) => given));
}

/** The first right that a row lacks. */
function lacksIn(
  row: number,
  rights: readonly AskedRight[],
  holdsOn: (predicate: Predicate) => boolean,
): Lack[] {
  const lacking = rights.find(({ given }) => !given.some(holdsOn));
  return lacking ? [{ row, field: lacking.field }] : [];
}

/** Judges deletions of rows that are locked: one role has to give DELETE on the row as it is. */
export async function judgeDeletions(
  { transaction }: Context,
  dataset: KnownDataset,
  rows: readonly Pick<BecomingRow, "row" | "id">[],
): Promise<Lack[]> {
  const given = rowsGiven(dataset.plan, "DELETE");
  if (given.some(isEveryRow)) return [];
  const ids = rows.map(({ id }) => id);
  const were = await rowsAsTheyAre(transaction, dataset.definition, ids, given);
  const judge = judgeOf(dataset.definition);
  return rows.flatMap(({ row, id }): Lack[] => {
    const was = were.get(id) ?? new Map();
    return given.some(judge([was])) ? [] : [{ row, field: null }];
  });
}

interface RefusedWrite {
  readonly action: WriteAction;
  /** What a row is called, by its place. */
  readonly what?: (row: number) => string;
}

/**
 * What becomes of rows that lack a right: faults, where faulty rows are skipped.
 *
 * @throws {ForbiddenError} of the first of them, where they are not.
 */
export function refuseLacks(
  dataset: KnownDataset,
  { action, what = (row) => `row ${row} of the call` }: RefusedWrite,
  lacks: readonly Lack[],
  onFault: OnFault,
): RowFault[] {
  const [first] = lacks;
  if (first && onFault === "REJECT_ALL") {
    throw first.isRestricted
      ? restrictedAt(dataset, first.field, what(first.row))
      : lackingOn(dataset, action, {
          field: first.field ?? undefined,
          why: `${what(first.row)} is not one on which a role of yours gives it, and so `,
        });
  }
  return lacks.map(({ row, field, isRestricted }) => ({
    row,
    column: field?.name ?? null,
    code: "FORBIDDEN",
    message: isRestricted
      ? "Your token gives new rows another value here."
      : `None of your roles gives ${action} on this row.`,
  }));
}

function restrictedAt({ definition, rights }: KnownDataset, field: Field | null, what: string) {
  const name = `${definition.name}.${field?.name ?? ""}`;
  const why = `${what} has another value than your token gives new rows, and `;
  return new ForbiddenError(rights, { gate: "RESTRICTION", name }, why);
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
