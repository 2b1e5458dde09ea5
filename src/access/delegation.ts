import sql from "sql-template-tag";
import { accessPlan, isKnown } from "../authz/access-plan.ts";
import type { Grant } from "../authz/branch.ts";
import { GRANT_ANY, missingDataRight, missingRight } from "../authz/delegation.ts";
import { type Principal, strangerOf } from "../authz/principal.ts";
import { NO_VARIABLES, permits, type Rights } from "../authz/rights.ts";
import type { Role } from "../authz/role.ts";
import { datasetDefinitions, type DatasetDefinition, fieldsOf } from "../db/dataset-definition.ts";
import { roleOf } from "../db/stored-role.ts";
import type { Context } from "../graphql/context.ts";
import { ForbiddenError } from "../graphql/forbidden-error.ts";
import { guardedOf, lackingOn } from "./known-dataset.ts";

/** What a principal could do before, and will be able to do; their grants are those that are stored. */
export interface HandingOut {
  /** Nothing, for a principal that is new. */
  readonly before?: Rights;
  readonly after: Rights;
}

/** A role's overrides on one dataset, as they were and as they become. */
export interface GrantChange {
  readonly role: Role;
  readonly before: readonly Grant[];
  readonly after: readonly Grant[];
}

/** Whoever will hold the roles that are handed out: with a key, or without a credential. */
const HOLDER: Principal = { kind: "KEY", tenantId: null, id: null, name: "" };
const PUBLIC = strangerOf(null);

/** The rights of whoever holds these roles and no others. */
export function rightsOf(roles: readonly Role[], readOnly = false): Rights {
  return { principal: HOLDER, roles, variables: NO_VARIABLES, readOnly };
}

/** The rights of the public, whose role is the built-in `anonymous`. */
export function rightsOfPublic(anonymous: Role): Rights {
  return { ...rightsOf([anonymous], true), principal: PUBLIC };
}

/**
 * Refuses to hand out more than the caller holds, unless it may hand out anything.
 *
 * Besides permissions and defaults it looks at every dataset on which a role has grants: those of what is
 * handed out, and those of the caller, by which a default that both have may give the caller less.
 *
 * @throws {ForbiddenError} naming the first right that is missing, and no dataset that the caller may not
 *   know of.
 */
export async function requireHeld(
  context: Context,
  { before = rightsOf([]), after }: HandingOut,
): Promise<void> {
  const { rights: held } = context;
  requireUnrestricted(held);
  if (permits(held, GRANT_ANY)) return;
  const missing = missingRight({ before, after, held });
  if (missing) throw new ForbiddenError(held, missing, HANDING_OUT);
  const roles = [...before.roles, ...after.roles, ...held.roles];
  for (const definition of await datasetsWithGrants(context, roles)) {
    const planned = (rights: Rights) => planOf(rights, definition, definition.grants);
    requireHeldOn(held, definition, {
      before: planned(before),
      after: planned(after),
      held: planned(held),
    });
  }
}

/**
 * Refuses to change a role's grants on one dataset so that it gains more than the caller holds there.
 *
 * @param definition The dataset, with the caller's grants on it.
 * @throws {ForbiddenError} naming the first right that is missing.
 */
export function requireGrantHeld(
  { rights: held }: Context,
  definition: DatasetDefinition,
  { role, before, after }: GrantChange,
): void {
  requireUnrestricted(held);
  if (permits(held, GRANT_ANY)) return;
  const holders = role.builtIn === "ANONYMOUS" ? [HOLDER, PUBLIC] : [HOLDER];
  for (const principal of holders) {
    const rights = { ...rightsOf([role]), principal };
    requireHeldOn(held, definition, {
      before: planOf(rights, definition, before),
      after: planOf(rights, definition, after),
      held: planOf(held, definition, definition.grants),
    });
  }
}

/**
 * Refuses to open a dataset to the public so that it gains more there than the caller holds: READ on it, and
 * on every column and link that the role `anonymous` does not withhold.
 *
 * @throws {ForbiddenError} naming the first right that is missing.
 */
export async function requireOpeningHeld(context: Context, datasetId: string): Promise<void> {
  const { rights: held, tenant, transaction, prisma } = context;
  requireUnrestricted(held);
  if (permits(held, GRANT_ANY) || !tenant) return;
  const anonymous = await prisma.role.findFirst({
    where: { tenantId: tenant.id, builtIn: "ANONYMOUS" },
  });
  if (!anonymous) return;
  const roleIds = [...held.roles, anonymous].map(({ id }) => id);
  const ids = [datasetId];
  const [definition] = await datasetDefinitions(transaction, tenant.id, roleIds, { ids });
  if (!definition) return;
  const everybody = rightsOfPublic(roleOf(anonymous));
  requireHeldOn(held, definition, {
    before: planOf(rightsOf([]), definition, definition.grants),
    after: planOf(everybody, definition, definition.grants),
    held: planOf(held, definition, definition.grants),
  });
}

/**
 * Refuses what is not for a token that carries conditions or names datasets, whatever its roles hold: to hand out
 * anything, and to make what it would not reach.
 *
 * @param why See {@link ForbiddenError}.
 * @throws {ForbiddenError} for such a token.
 */
export function requireUnrestricted(
  held: Rights,
  why = "a token with conditions hands out nothing, and ",
): void {
  if (held.restriction) {
    throw new ForbiddenError(held, { gate: "RESTRICTION", name: "conditions" }, why);
  }
}

const HANDING_OUT = "nobody hands out what they do not hold, and ";

function requireHeldOn(
  rights: Rights,
  definition: DatasetDefinition,
  handing: Parameters<typeof missingDataRight>[0],
): void {
  const fields = fieldsOf(definition);
  const right = missingDataRight(
    handing,
    fields.map(({ id }) => id),
  );
  if (!right) return;
  const { action, fieldId } = right;
  if (!isKnown(handing.held)) {
    const anywhere = { right: { action, fieldId: null }, on: null };
    throw new ForbiddenError(rights, { gate: "DATA", name: action, ...anywhere }, HANDING_OUT);
  }
  const field = fields.find(({ id }) => id === fieldId);
  const dataset = { definition, plan: handing.held, rights };
  throw lackingOn(dataset, action, { field, why: HANDING_OUT });
}

/** The plan by these grants, as if the dataset were open: it may become so later. */
function planOf(rights: Rights, definition: DatasetDefinition, grants: readonly Grant[]) {
  return accessPlan(rights, { ...guardedOf(definition), accessLevel: "OPEN", grants });
}

async function datasetsWithGrants({ transaction, tenant }: Context, roles: readonly Role[]) {
  const roleIds = roles.map(({ id }) => id).filter((id) => id !== "");
  if (!tenant || roleIds.length === 0) return [];
  const found = await transaction.query<{ dataset_id: string }>(sql`
    SELECT DISTINCT dataset_id FROM role_grant
    WHERE tenant_id = ${tenant.id}::uuid AND role_id = ANY (${roleIds}::uuid[])`);
  const ids = found.map(({ dataset_id }) => dataset_id);
  return await datasetDefinitions(transaction, tenant.id, roleIds, { ids });
}
