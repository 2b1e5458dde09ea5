import { signatureOf } from "../../authz/principal.ts";
import { conditionsOn } from "../../authz/restriction.ts";
import { failureOf, type Failure } from "../../db/errors.ts";
import type { ColumnDefinition, DatasetDefinition } from "../../db/dataset-definition.ts";
import {
  createStorageIndexes,
  type DatasetNamed,
  dropStorageIndexes,
  indexesAtOnce,
  indexesOf,
  lockDefinition,
  saveColumns,
  type StorageIndex,
} from "../../db/dataset-storage.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { decodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { ForbiddenError } from "../../graphql/forbidden-error.ts";
import { type KnownDataset, requireDataset } from "../../access/known-dataset.ts";
import type { KnownColumn, KnownLink } from "../../access/refs.ts";
import { columnKnown } from "./column.ts";
import { type DefinitionFault, refuseDefinition } from "./definition-faults.ts";
import { linkKnown } from "./link.ts";

/**
 * The dataset whose definition is to change, read when nobody else can change it any more.
 *
 * @throws {NotFoundError} for one that the caller may not know of, as for one that does not exist.
 */
export async function datasetToChange(context: Context, id: string): Promise<KnownDataset> {
  const uuid = decodeId("Dataset", id);
  if (uuid !== null) await lock(context, { datasetId: uuid });
  return await requireDataset(context, id);
}

/**
 * The column that is to change, read when nobody else can change its dataset's definition any more.
 *
 * @throws {NotFoundError} for one that the caller may not know of, as for one that does not exist.
 */
export async function columnToChange(context: Context, id: string): Promise<KnownColumn> {
  const uuid = decodeId("Column", id);
  if (uuid !== null) await lock(context, { columnId: uuid });
  const column = uuid === null ? null : await columnKnown(context, uuid);
  if (!column) throw new NotFoundError("column");
  return column;
}

/**
 * The link that is to change, read when nobody else can change its dataset's definition any more.
 *
 * @throws {NotFoundError} for one that the caller may not know of, as for one that does not exist.
 */
export async function linkToChange(context: Context, id: string): Promise<KnownLink> {
  const uuid = decodeId("Link", id);
  if (uuid !== null) await lock(context, { linkId: uuid });
  const link = uuid === null ? null : await linkKnown(context, uuid);
  if (!link) throw new NotFoundError("link");
  return link;
}

/**
 * Refuses to take a whole column, link or dataset from the hands of a token that reaches some rows of it.
 *
 * @throws {ForbiddenError} for a token with conditions on the dataset.
 */
export function requireAllReached({ definition, rights }: KnownDataset): void {
  if (!conditionsOn(rights.restriction, definition.id)) return;
  const lacking = { gate: "RESTRICTION", name: definition.name } as const;
  throw new ForbiddenError(rights, lacking, "your token does not reach every row of it, and ");
}

async function lock({ transaction, tenant }: Context, named: DatasetNamed): Promise<void> {
  if (tenant) await lockDefinition(transaction, tenant.id, named);
}

/**
 * Stores changed columns, and brings the indexes that keep values unique in agreement with all of them. What
 * serves searches follows in a moment where there are many rows, and nothing waits for it.
 */
export async function storeColumns(
  { transaction }: Context,
  before: DatasetDefinition,
  after: readonly ColumnDefinition[],
): Promise<void> {
  const changed = after.filter((column) => !before.columns.includes(column));
  await saveColumns(transaction, before, changed);
  const [were, become] = [indexesOf(before.columns), indexesOf(after)];
  const gone = without(were, become).filter(({ isUnique }) => isUnique);
  await dropStorageIndexes(transaction, before.id, gone);
  const wanted = await indexesAtOnce(transaction, before.id, without(become, were));
  await createStorageIndexes(transaction, before.id, wanted);
}

function without(indexes: readonly StorageIndex[], others: readonly StorageIndex[]) {
  const known = new Set(others.map((index) => JSON.stringify(index)));
  return indexes.filter((index) => !known.has(JSON.stringify(index)));
}

/** Counts a change of the definition, and stores what changes of the dataset itself. */
export async function countChange(
  { prisma, now, rights }: Context,
  { tenantId, id }: DatasetDefinition,
  changes: Prisma.DatasetUpdateInput = {},
): Promise<void> {
  await prisma.dataset.update({
    where: { tenantId_id: { tenantId, id } },
    data: {
      ...changes,
      version: { increment: 1 },
      updatedAt: now,
      updatedBy: signatureOf(rights.principal),
    },
    select: { id: true },
  });
}

/**
 * Does what the stored rows may contradict.
 *
 * @throws {InputError} with the fault that a failure of the database stands for.
 */
export async function orFault(
  work: Promise<void>,
  faults: Partial<Record<Failure, DefinitionFault>>,
): Promise<void> {
  try {
    await work;
  } catch (error) {
    const failure = failureOf(error);
    const fault = failure && faults[failure];
    if (fault) refuseDefinition([fault]);
    throw error;
  }
}
