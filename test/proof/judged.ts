import {
  fieldsGiven,
  gives,
  isFieldKnown,
  isKnown,
  rowsChangeable,
  rowsGiven,
  rowsOf,
  rowsSeen,
} from "../../src/authz/access-plan.ts";
import type { RowInHand } from "../../src/authz/evaluate.ts";
import type { Predicate } from "../../src/authz/predicate.ts";
import { permits } from "../../src/authz/rights.ts";
import { compareOperands } from "../../src/cell/compare-operands.ts";
import { fieldsOf } from "../../src/db/dataset-definition.ts";
import type { KnownDataset } from "../../src/access/known-dataset.ts";
import { judgeOf } from "../../src/access/row-judge.ts";
import { canFill, setByConditions } from "../../src/access/write-needs.ts";

type WriteAction = "CREATE" | "UPDATE" | "DELETE";

/** Whether one of some predicates holds on a row in hand. */
function someHoldIn({ definition }: KnownDataset) {
  const judge = judgeOf(definition);
  return (predicates: readonly Predicate[], row: RowInHand): boolean =>
    predicates.some(judge([row]));
}

/** The ids of the columns and links that the plan lets read in a row in hand; null: the row is not seen. */
export function fieldsRead(dataset: KnownDataset, row: RowInHand): ReadonlySet<string> | null {
  const judge = someHoldIn(dataset);
  const { plan, definition } = dataset;
  if (!judge(rowsSeen(plan), row)) return null;
  const read = fieldsOf(definition).filter(({ id }) => judge(rowsOf(plan, "READ", id), row));
  return new Set(read.map(({ id }) => id));
}

/** A row that a write has a row lead to; null: there is none. */
export interface TargetInHand {
  readonly dataset: KnownDataset;
  readonly row: RowInHand | null;
}

/** One write of one row in hand: as it is and as it becomes, and the columns and links that it sets. */
export interface WriteInHand {
  readonly action: WriteAction;
  readonly was: RowInHand | null;
  readonly becomes: RowInHand | null;
  readonly set: readonly string[];
  readonly targets: readonly TargetInHand[];
  /** Of the method, where it is not the one that is named like the action. */
  readonly permission?: string;
}

/** How a write of one row ends by the plan alone, for the row in hand. */
export function writeEnds(dataset: KnownDataset, write: WriteInHand): string {
  const { plan, rights } = dataset;
  const { action, was, set, targets, permission = `row::${action.toLowerCase()}` } = write;
  if (!permits(rights, permission)) return "FORBIDDEN";
  if (!isKnown(plan)) return "NOT_FOUND";
  const isGiven = action === "UPDATE" ? gives(plan, "UPDATE") : rowsGiven(plan, action).length > 0;
  if (!isGiven) return "FORBIDDEN";
  if (set.some((id) => !isFieldKnown(plan, id))) return "BAD_USER_INPUT";
  const settable = fieldsGiven(plan, action);
  if (set.some((id) => !settable.has(id))) return "FORBIDDEN";
  if (action === "CREATE" && !canFill(dataset, rights)) return "FORBIDDEN";
  if (was && fieldsRead(dataset, was) === null) return "NOT_FOUND";
  if (!targets.every(isSeen)) return "NOT_FOUND";
  return isAllowed(dataset, write) ? "OK" : "FORBIDDEN";
}

function isSeen({ dataset, row }: TargetInHand): boolean {
  return row !== null && fieldsRead(dataset, row) !== null;
}

/** Whether a new row is to hold another value than the conditions of a token give it. */
function isGivenOtherwise({ definition, rights }: KnownDataset, becomes: RowInHand): boolean {
  return [...setByConditions(definition, rights)].some(([{ id, type }, due]) => {
    const cell = becomes.get(id) ?? null;
    return cell === null || compareOperands(type, cell, due) !== 0;
  });
}

function isAllowed(dataset: KnownDataset, { action, was, becomes, set }: WriteInHand): boolean {
  const judge = someHoldIn(dataset);
  const { plan } = dataset;
  if (action === "DELETE") return was !== null && judge(rowsGiven(plan, "DELETE"), was);
  if (action === "CREATE") {
    return (
      becomes !== null &&
      !isGivenOtherwise(dataset, becomes) &&
      judge(rowsGiven(plan, "CREATE"), becomes) &&
      set.every((id) => judge(rowsOf(plan, "CREATE", id), becomes))
    );
  }
  const holdOn = (given: readonly Predicate[]) =>
    given.some(
      (rows) => was !== null && becomes !== null && judge([rows], was) && judge([rows], becomes),
    );
  // To set nothing is an edit of the row, too.
  if (set.length === 0) return holdOn(rowsChangeable(plan));
  return set.every((id) => holdOn(rowsOf(plan, "UPDATE", id)));
}
