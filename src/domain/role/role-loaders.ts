import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { isFieldKnown } from "../../authz/access-plan.ts";
import { permitsAny } from "../../authz/rights.ts";
import { columnsIn } from "../../authz/predicate.ts";
import { grantOf } from "../../db/dataset-definition.ts";
import { decodeId } from "../../db/id.ts";
import type { Grant, Role } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { allForEach, oneForEach } from "../../graphql/for-each-key.ts";
import { findNodesOf } from "../../graphql/node.ts";
import type { KnownColumn, KnownLink } from "../../access/refs.ts";

/** A grant on what the caller knows, whose row filters name no column that it does not. */
export interface KnownGrant {
  readonly grant: Grant;
  readonly dataset: KnownDataset;
  /** Null: the grant is on no column. */
  readonly column: KnownColumn | null;
  /** Null: the grant is on no link; and with no column either, on the dataset as a whole. */
  readonly link: KnownLink | null;
}

/** Roles by id; null for one that does not exist in the tenant. */
export const rolesById = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Role | null>(async (ids) => {
      const found = tenant
        ? await prisma.role.findMany({ where: { tenantId: tenant.id, id: { in: [...ids] } } })
        : [];
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/** The grants of roles, as they are stored, in the order in which they were made. */
const grantsByRole = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Grant[]>(async (roleIds) => {
      const found = tenant
        ? await prisma.grant.findMany({
            where: { tenantId: tenant.id, roleId: { in: [...roleIds] } },
            orderBy: { id: "asc" },
          })
        : [];
      return allForEach(roleIds, found, ({ roleId }) => roleId);
    }),
);

/** Grants by id; null for one that does not exist in the tenant. */
const grantsById = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Grant | null>(async (ids) => {
      const found = tenant
        ? await prisma.grant.findMany({ where: { tenantId: tenant.id, id: { in: [...ids] } } })
        : [];
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/** The grants of a role on what the caller knows. */
export async function knownGrants(context: Context, roleId: string): Promise<KnownGrant[]> {
  const grants = await grantsByRole(context).load(roleId);
  const known = await Promise.all(grants.map((grant) => knownGrant(context, grant)));
  return known.filter((grant) => grant !== null);
}

/** A grant by id; null for one on what the caller does not know, as for one that does not exist. */
export async function knownGrantById(context: Context, id: string): Promise<KnownGrant | null> {
  const grant = await grantsById(context).load(id);
  return grant && (await knownGrant(context, grant));
}

async function knownGrant(context: Context, grant: Grant): Promise<KnownGrant | null> {
  const dataset = await knownDatasets(context).load({ by: "id", value: grant.datasetId });
  if (!dataset) return null;
  const named = Object.values(grantOf(grant).rowFilters).flatMap((filter) => columnsIn(filter));
  if (!named.every((id) => isFieldKnown(dataset.plan, id))) return null;
  const { columnId, linkId } = grant;
  const fieldId = columnId ?? linkId;
  if (fieldId !== null && !isFieldKnown(dataset.plan, fieldId)) return null;
  const { columns, links } = dataset.definition;
  const column = columns.find(({ id }) => id === columnId);
  const link = links.find(({ id }) => id === linkId);
  return {
    grant,
    dataset,
    column: column ? { dataset, definition: column } : null,
    link: link ? { dataset, definition: link } : null,
  };
}

/**
 * The role that an argument names.
 *
 * @throws {NotFoundError} for one that does not exist in the tenant.
 */
export async function requireRole(context: Context, id: string): Promise<Role> {
  const uuid = decodeId("Role", id);
  const role = uuid && (await rolesById(context).load(uuid));
  if (!role) throw new NotFoundError("role");
  return role;
}

findNodesOf("Role", async (context, uuid) =>
  permitsAny(context.rights, "role") ? await rolesById(context).load(uuid) : null,
);

findNodesOf("Grant", async (context, uuid) =>
  permitsAny(context.rights, "role") ? await knownGrantById(context, uuid) : null,
);
