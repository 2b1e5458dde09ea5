import type { Source } from "../../authz/branch.ts";
import type { Told } from "../../authz/explain.ts";
import type { Gate, Missing } from "../../authz/missing.ts";
import type { RowFilter } from "../../authz/predicate.ts";
import type { Role } from "../../authz/role.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";

/** Where a grant on a dataset or a column stands: there is one at most. */
export interface GrantPlace {
  readonly roleId: string;
  readonly datasetId: string;
  /** Null: on the dataset as a whole. */
  readonly columnId: string | null;
}

/** A row filter that may be told, and the dataset whose columns it names. */
export interface ToldFilter {
  readonly filter: RowFilter;
  readonly dataset: KnownDataset;
}

/** What one role says at one gate, or what stands there before all of them. */
export interface Step {
  readonly gate: Extract<Gate, "RESTRICTION" | "PERMISSION" | "DATA">;
  readonly name: string;
  readonly passed: Told;
  readonly text: string;
  readonly role: Role | null;
  readonly source: Source | null;
  readonly grant: GrantPlace | null;
  /** Whether the role gives it on the rows of a filter alone. */
  readonly isFiltered: boolean;
  /** That filter, where it may be told. */
  readonly filter: ToldFilter | null;
}

/** One thing that the action needs: it is there if some step gives it. */
export interface Check {
  readonly gate: Step["gate"];
  readonly name: string;
  /** Whether it is there at all, on whichever rows. */
  readonly given: boolean;
  readonly passed: Told;
  readonly steps: readonly Step[];
}

/** A decision and how it came about. */
export interface Explanation {
  readonly allowed: Told;
  readonly why: string;
  readonly missing: Missing | null;
  readonly steps: readonly Step[];
}

/** A step that no role takes. */
export function stepOf(step: Pick<Step, "gate" | "name" | "passed" | "text">): Step {
  return { ...step, role: null, source: null, grant: null, isFiltered: false, filter: null };
}
