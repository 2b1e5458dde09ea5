import { signatureOf } from "../../authz/principal.ts";
import { MOST_COLUMNS } from "../../cell/parse-column.ts";
import type { NewColumn } from "../../db/dataset-definition.ts";
import {
  createStorage,
  createStorageIndexes,
  indexesOf,
  insertDataset,
  placed,
} from "../../db/dataset-storage.ts";
import { encodeId, newRowTag, newUuid, NIL_UUID } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { requireOpeningHeld, requireUnrestricted } from "../../access/delegation.ts";
import { ConflictError, NotFoundError } from "../../graphql/errors.ts";
import { nameFaults, storedText } from "../../graphql/input-text.ts";
import {
  type DefinitionFault,
  faultsOfAll,
  refuseDefinition,
  withKey,
} from "./definition-faults.ts";
import type { CreateDatasetInput } from "./definition-inputs.ts";
import { type OptionSources, optionSources } from "./option-sources.ts";
import { faultsOfTexts, parseColumnInput } from "./parse-definition.ts";

type Input = typeof CreateDatasetInput.$inferInput;

/**
 * Makes a dataset with its table.
 *
 * @returns Its UUID.
 * @throws {InputError} with every fault of the definition at once.
 * @throws {ConflictError} for a name that is taken.
 * @throws {ForbiddenError} for a token that is restricted to some datasets.
 */
export async function createDataset(context: Context, input: Input): Promise<string> {
  const { transaction, tenant, now, rights } = context;
  if (!tenant) throw new NotFoundError("tenant");
  requireUnrestricted(rights, "a token with conditions reaches no new dataset, and ");
  refuseTooMany(input.columns.length);
  const named = input.columns.map(({ optionsFrom }) => optionsFrom);
  const columns = placed(parseColumns(input, await optionSources(context, named)), {
    slot: 1,
    position: 1,
  });
  await requireFreeName(context, input.name);
  const id = newUuid();
  const accessLevel = input.accessLevel ?? "PRIVATE";
  await insertDataset(transaction, {
    tenantId: tenant.id,
    id,
    name: input.name,
    label: storedText(input.label ?? input.name),
    description: storedText(input.description ?? ""),
    accessLevel,
    auditReads: input.auditReads ?? false,
    rowTag: newRowTag(),
    columns,
    createdAt: now,
    createdBy: signatureOf(rights.principal),
  });
  const types = columns.map(({ type }) => type);
  await createStorage(transaction, id, types);
  await createStorageIndexes(transaction, id, indexesOf(columns));
  if (accessLevel === "OPEN") await requireOpeningHeld(context, id);
  context.nameTarget(encodeId("Dataset", id));
  return id;
}

/** @throws {ConflictError} for a name that another dataset of the tenant has. */
export async function requireFreeName({ prisma, tenant }: Context, name: string): Promise<void> {
  const where = { tenantId: tenant?.id ?? NIL_UUID, name };
  const taken = await prisma.dataset.findFirst({ where, select: { id: true } });
  if (taken) throw new ConflictError(`The name ${name} is already taken. Choose another.`);
}

function refuseTooMany(columns: number): void {
  if (columns <= MOST_COLUMNS) return;
  refuseDefinition([
    { field: "columns", message: `A dataset has at most ${MOST_COLUMNS} columns.` },
  ]);
}

function parseColumns(input: Input, sources: OptionSources): NewColumn[] {
  const parsed = input.columns.map((column, index) =>
    parseColumnInput(column, { keyPosition: null, optionsFrom: sources.ids[index] ?? null }),
  );
  const columns = parsed.flatMap((each) => (each.ok ? [each.column] : []));
  const { columns: withKeys, faults } = withKey(columns, input.keyColumns ?? []);
  refuseDefinition([
    ...nameFaults("name", input.name).map((message) => ({ field: "name", message })),
    ...faultsOfTexts(input),
    ...parsed.flatMap((each, column): DefinitionFault[] =>
      each.ok ? [] : each.faults.map((fault) => ({ column, ...fault })),
    ),
    ...sources.faults,
    ...(columns.length === parsed.length ? [...faultsOfAll(withKeys), ...faults] : []),
  ]);
  return withKeys;
}
