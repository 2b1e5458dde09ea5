import { guardedOf, type KnownDataset } from "../../access/known-dataset.ts";
import { valuesFor } from "../../access/variables.ts";
import { accessPlan, boundPlan, isFieldKnown } from "../../authz/access-plan.ts";
import type { Deciding } from "../../authz/explain.ts";
import {
  datasetDefinitions,
  type DatasetDefinition,
  type Field,
} from "../../db/dataset-definition.ts";
import type { PlannedDataset } from "../../db/readable-view.ts";
import type { Context } from "../../graphql/context.ts";
import type { Subject } from "./access-subject.ts";

/** A dataset as a subject has it: the decision, and what it was made from. */
export interface SubjectView extends PlannedDataset {
  readonly deciding: Deciding;
  /** The same without the columns and links that the caller does not know: what is told is told of these alone. */
  readonly told: DatasetDefinition;
}

/**
 * What is decided about a dataset for a subject, by the same functions as for a caller.
 *
 * Of another subject only the columns and links count that the caller knows, so that nothing tells of others.
 */
export async function subjectView(
  { transaction, now }: Context,
  dataset: KnownDataset,
  { rights, isCaller }: Subject,
): Promise<SubjectView> {
  const { id, tenantId, columns, links } = dataset.definition;
  const roleIds = rights.roles.map((role) => role.id).filter((each) => each !== "");
  const [withGrants] = isCaller
    ? []
    : await datasetDefinitions(transaction, tenantId, roleIds, { ids: [id] });
  const definition = withGrants ?? dataset.definition;
  const isTold = (field: Field) => isFieldKnown(dataset.plan, field.id);
  const known = { columns: columns.filter(isTold), links: links.filter(isTold) };
  const told = isCaller ? definition : { ...definition, ...known };
  const deciding = {
    rights,
    guarded: guardedOf(told),
    valueOf: valuesFor(definition, rights.variables, now),
  };
  const plan = boundPlan(accessPlan(rights, deciding.guarded), deciding.valueOf);
  return { definition, told, plan, deciding };
}
