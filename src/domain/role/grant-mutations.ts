import type { Setting } from "../../authz/branch.ts";
import { grantOf, type StoredGrant } from "../../db/dataset-definition.ts";
import { encodeId, newUuid } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { requireGrantHeld } from "../../access/delegation.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { RoleRef } from "../../access/refs.ts";
import { refuseEditableVariables } from "../../access/user-attributes.ts";
import { may } from "../../graphql/scopes.ts";
import { GrantRef } from "./grant.ts";
import { RemoveGrantInput, SetGrantInput } from "./grant-inputs.ts";
import { type NamedPlace, type Place, requirePlace } from "./grant-place.ts";
import {
  filtersToStore,
  type RowFilters,
  type RowFiltersInput,
  rowFiltersOf,
} from "./row-filters.ts";
import { knownGrantById, rolesById } from "./role-loaders.ts";

/** What a grant says of each action; null and undefined: nothing. */
interface Settings {
  readonly read?: Setting | null | undefined;
  readonly create?: Setting | null | undefined;
  readonly update?: Setting | null | undefined;
  readonly delete?: Setting | null | undefined;
  readonly rowFilter?: RowFiltersInput | null | undefined;
}

const SetGrantPayload = builder.objectRef<{ grantId: string }>("SetGrantPayload").implement({
  description: "What became of a grant.",
  authScopes: () => true,
  fields: (t) => ({
    grant: t.field({
      type: GrantRef,
      description: "The grant as it is now; null where it took what it is on out of sight.",
      resolve: ({ grantId }, _args, context) => knownGrantById(context, grantId),
    }),
  }),
});

const RemoveGrantPayload = builder.objectRef<{ roleId: string }>("RemoveGrantPayload").implement({
  description: "What became of the role of a grant that was removed.",
  authScopes: () => true,
  fields: (t) => ({
    role: t.field({
      type: RoleRef,
      description: "The role as it is now.",
      resolve: ({ roleId }, _args, context) => rolesById(context).load(roleId),
    }),
  }),
});

builder.mutationFields((t) => ({
  setGrant: t.field({
    type: SetGrantPayload,
    description:
      "Sets a role's override for a dataset, or for one of its columns or links, in place of the one before; the role gains no more than the caller holds.",
    authScopes: may("grant::set"),
    changesRights: true,
    args: {
      input: t.arg({
        type: SetGrantInput,
        required: true,
        description: "The grant as it shall be.",
      }),
    },
    resolve: (_root, { input }, context) => setGrant(context, input),
  }),
  removeGrant: t.field({
    type: RemoveGrantPayload,
    description:
      "Removes a role's override, so that what stands above it holds again; the role gains no more than the caller holds.",
    authScopes: may("grant::remove"),
    changesRights: true,
    args: {
      input: t.arg({ type: RemoveGrantInput, required: true, description: "The grant to remove." }),
    },
    resolve: (_root, { input }, context) => removeGrant(context, input),
  }),
}));

async function setGrant(context: Context, input: NamedPlace & Settings) {
  const place = await requirePlace(context, input);
  const rowFilters = rowFiltersOf(place.dataset, input.rowFilter ?? {});
  refuseFaults(settingFaults(place, input, rowFilters));
  await refuseEditableVariables(context, Object.values(rowFilters));
  const { before, there, others } = await grantsAt(context, place);
  const { read = null, create = null, update = null, delete: remove = null } = input;
  const set = {
    tenantId: place.role.tenantId,
    id: there?.id ?? newUuid(),
    roleId: place.role.id,
    datasetId: place.dataset.definition.id,
    ...place.field,
    read,
    create,
    update,
    delete: remove,
    rowFilters,
  };
  context.nameTarget(encodeId("Grant", set.id));
  requireGain(context, place, { before, after: [...others, set] });
  const data = { ...set, rowFilters: filtersToStore(rowFilters) };
  await context.prisma.grant.upsert({
    where: { tenantId_id: { tenantId: set.tenantId, id: set.id } },
    create: data,
    update: data,
    select: { id: true },
  });
  return { grantId: set.id };
}

async function removeGrant(context: Context, input: NamedPlace) {
  const place = await requirePlace(context, input);
  const { before, there, others } = await grantsAt(context, place);
  if (!there) throw new NotFoundError("grant");
  context.nameTarget(encodeId("Grant", there.id));
  requireGain(context, place, { before, after: others });
  const { tenantId, id } = there;
  await context.prisma.grant.delete({
    where: { tenantId_id: { tenantId, id } },
    select: { id: true },
  });
  return { roleId: place.role.id };
}

function settingFaults(
  { role, field: { columnId, linkId } }: Place,
  { read, create, update, delete: remove }: Settings,
  filters: RowFilters,
): string[] {
  const writes = [create, update, remove].includes("ALLOW");
  const filtered = Object.keys(filters);
  const onField = columnId !== null || linkId !== null;
  return [
    ...(read || create || update || remove || filtered.length > 0
      ? []
      : ["Say something of at least one action, or remove the grant with `removeGrant`."]),
    ...(filtered.length > 0 && onField
      ? [
          "Rows are filtered by the grant on the dataset: one on a column or link has no `rowFilter`.",
        ]
      : []),
    ...(remove && onField
      ? ["A row is deleted whole: a grant on a column or link says nothing of DELETE."]
      : []),
    ...(role.builtIn === "ANONYMOUS" && (writes || filtered.some((action) => action !== "READ"))
      ? ["Whoever presents no credential can be given READ alone."]
      : []),
  ];
}

/** The role's grants on the dataset, that on the very place, and the others. */
async function grantsAt({ prisma }: Context, { role, dataset, field }: Place) {
  const before = await prisma.grant.findMany({
    where: { tenantId: role.tenantId, roleId: role.id, datasetId: dataset.definition.id },
  });
  const isThere = ({ columnId, linkId }: (typeof before)[number]) =>
    columnId === field.columnId && linkId === field.linkId;
  return {
    before,
    there: before.find(isThere),
    others: before.filter((grant) => !isThere(grant)),
  };
}

function requireGain(
  context: Context,
  { role, dataset }: Place,
  grants: { readonly before: readonly StoredGrant[]; readonly after: readonly StoredGrant[] },
): void {
  requireGrantHeld(context, dataset.definition, {
    role: roleOf(role),
    before: grants.before.map(grantOf),
    after: grants.after.map(grantOf),
  });
}
