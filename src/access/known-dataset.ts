import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import {
  accessPlan,
  boundPlan,
  type Guarded,
  isFieldKnown,
  isKnown,
  type UnboundPlan,
} from "../authz/access-plan.ts";
import type { Action } from "../authz/action.ts";
import type { Rights } from "../authz/rights.ts";
import {
  datasetDefinitions,
  type DatasetDefinition,
  type Field,
  fieldsOf,
} from "../db/dataset-definition.ts";
import { decodeId } from "../db/id.ts";
import type { PlannedDataset } from "../db/readable-view.ts";
import type { Context } from "../graphql/context.ts";
import { NotFoundError } from "../graphql/errors.ts";
import { ForbiddenError } from "../graphql/forbidden-error.ts";
import { valuesFor } from "./variables.ts";

/** A dataset that the caller knows, with the decision about it and the rights that it was made from. */
export interface KnownDataset extends PlannedDataset {
  readonly rights: Rights;
}

/** What can name a dataset. */
export type DatasetKey =
  | { readonly by: "id" | "name" | "columnId" | "linkId"; readonly value: string }
  | { readonly by: "rowTag"; readonly value: number };

/**
 * Datasets by what names them; null for one that the caller may not know of, as for one that does not
 * exist. All that a request asks for at once are read, and decided about, in one statement.
 */
export const knownDatasets = createContextCache(
  (context: Context) =>
    new DataLoader<DatasetKey, KnownDataset | null, string>(
      async (keys) => {
        const found = await definitionsOf(context, keys);
        const known = found
          .map((definition) => decided(context, definition))
          .filter(({ plan }) => isKnown(plan));
        const asked = new Set(keys.map(({ by }) => by));
        const byName = new Map(
          known.flatMap((dataset) =>
            namesOf(dataset, asked).map((key) => [textOf(key), dataset] as const),
          ),
        );
        return keys.map((key) => byName.get(textOf(key)) ?? null);
      },
      { cacheKeyFn: textOf },
    ),
);

/**
 * The dataset that an argument names.
 *
 * @throws {NotFoundError} for one that the caller may not know of, as for one that does not exist.
 */
export async function requireDataset(context: Context, id: string): Promise<KnownDataset> {
  const uuid = decodeId("Dataset", id);
  const dataset = uuid && (await knownDatasets(context).load({ by: "id", value: uuid }));
  if (!dataset) throw new NotFoundError("dataset");
  return dataset;
}

/**
 * What a caller is told who lacks a right on a dataset that it knows, or on a column or link of it. One that
 * it does not know is not named.
 *
 * @param why See {@link ForbiddenError}.
 */
export function lackingOn(
  { definition, plan, rights }: Omit<KnownDataset, "plan"> & { readonly plan: UnboundPlan },
  action: Action,
  { field, why }: { field?: Field | undefined; why?: string } = {},
): ForbiddenError {
  const known = field && isFieldKnown(plan, field.id) ? field : null;
  const place = known ? `${definition.name}.${known.name}` : definition.name;
  const right = { action, fieldId: known?.id ?? null };
  const on = guardedOf(definition);
  return new ForbiddenError(rights, { gate: "DATA", name: `${action} ${place}`, right, on }, why);
}

function decided({ rights, now }: Context, definition: DatasetDefinition): KnownDataset {
  const unbound = accessPlan(rights, guardedOf(definition));
  const plan = boundPlan(unbound, valuesFor(definition, rights.variables, now));
  return { definition, rights, plan };
}

/** What the decision about a dataset is made from. */
export function guardedOf(definition: DatasetDefinition): Guarded {
  const { accessLevel, grants } = definition;
  return { accessLevel, grants, fieldIds: fieldsOf(definition).map(({ id }) => id) };
}

async function definitionsOf(context: Context, keys: readonly DatasetKey[]) {
  const { transaction, tenant, rights } = context;
  if (!tenant) return [];
  const named = (by: DatasetKey["by"]) =>
    keys.flatMap((key) => (key.by === by ? [String(key.value)] : []));
  const roleIds = rights.roles.flatMap(({ id }) => (id === "" ? [] : [id]));
  return await datasetDefinitions(transaction, tenant.id, roleIds, {
    ids: named("id"),
    names: named("name"),
    columnIds: named("columnId"),
    linkIds: named("linkId"),
    rowTags: named("rowTag").map(Number),
  });
}

function textOf({ by, value }: DatasetKey): string {
  return `${by} ${value}`;
}

/** All that a dataset can be named by, in the ways that are asked for. */
function namesOf({ definition }: KnownDataset, asked: ReadonlySet<DatasetKey["by"]>): DatasetKey[] {
  const { id, name, rowTag } = definition;
  const columns = asked.has("columnId") ? definition.columns : [];
  const links = asked.has("linkId") ? definition.links : [];
  return [
    { by: "id", value: id },
    { by: "name", value: name },
    { by: "rowTag", value: rowTag },
    ...columns.map((column) => ({ by: "columnId", value: column.id }) as const),
    ...links.map((link) => ({ by: "linkId", value: link.id }) as const),
  ];
}
