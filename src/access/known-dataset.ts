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
import { keptDefinitions, roleIdsOf } from "./kept-definitions.ts";
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
 * exist. All that a request asks for at once, and that is not kept from before, are read in one statement.
 */
export const knownDatasets = createContextCache(
  (context: Context) =>
    new DataLoader<DatasetKey, KnownDataset | null, string>(
      async (keys) => {
        const definitions = await definitionsOf(context, keys);
        const known = new Map<string, KnownDataset>();
        return definitions.map((definition) => {
          if (!definition) return null;
          const dataset = known.get(definition.id) ?? decided(context, definition);
          known.set(definition.id, dataset);
          return isKnown(dataset.plan) ? dataset : null;
        });
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
  const { id: datasetId, accessLevel, grants } = definition;
  return { datasetId, accessLevel, grants, fieldIds: fieldsOf(definition).map(({ id }) => id) };
}

/** The definitions that keys name, in their order; null for one that names none. */
async function definitionsOf(
  context: Context,
  keys: readonly DatasetKey[],
): Promise<(DatasetDefinition | null)[]> {
  const { tenant, rights } = context;
  if (!tenant) return keys.map(() => null);
  const kept = keptDefinitions(tenant, rights);
  // Looked at once: what is kept now may have made room for others when the rest has been read.
  const before = keys.map((key) => kept?.get(textOf(key)));
  const missing = keys.filter((_key, index) => before[index] === undefined);
  const found = await readDefinitions(context, tenant.id, missing);
  return keys.map((key, index) => {
    const known = before[index];
    if (known !== undefined) return known.definition;
    const text = textOf(key);
    const definition = found.get(text) ?? null;
    kept?.set(text, definition);
    return definition;
  });
}

async function readDefinitions(
  { transaction, rights }: Context,
  tenantId: string,
  keys: readonly DatasetKey[],
): Promise<Map<string, DatasetDefinition>> {
  const named = (by: DatasetKey["by"]) =>
    keys.flatMap((key) => (key.by === by ? [String(key.value)] : []));
  const definitions = await datasetDefinitions(transaction, tenantId, roleIdsOf(rights), {
    ids: named("id"),
    names: named("name"),
    columnIds: named("columnId"),
    linkIds: named("linkId"),
    rowTags: named("rowTag").map(Number),
  });
  const asked = new Set(keys.map(({ by }) => by));
  return new Map(
    definitions.flatMap((definition) =>
      namesOf(definition, asked).map((key) => [textOf(key), definition] as const),
    ),
  );
}

function textOf({ by, value }: DatasetKey): string {
  return `${by} ${value}`;
}

/** All that a dataset can be named by, in the ways that are asked for. */
function namesOf(
  { id, name, rowTag, ...definition }: DatasetDefinition,
  asked: ReadonlySet<DatasetKey["by"]>,
): DatasetKey[] {
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
