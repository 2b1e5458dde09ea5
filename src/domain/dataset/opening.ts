import { accessPlan, isColumnKnown, isKnown } from "../../authz/access-plan.ts";
import { GRANT_ANY, missingDataRight } from "../../authz/delegation.ts";
import type { Principal } from "../../authz/principal.ts";
import { permits } from "../../authz/rights.ts";
import { datasetDefinitions } from "../../db/dataset-definition.ts";
import type { Context } from "../../graphql/context.ts";
import { rightsOf, roleOf } from "../../graphql/delegation.ts";
import { ForbiddenError } from "../../graphql/errors.ts";

const PUBLIC: Principal = { kind: "ANONYMOUS", tenantId: null, id: null, name: "anonymous" };

/**
 * Requires that the caller holds what opening a dataset hands to the public: READ on it, and on every
 * column that the role `anonymous` does not withhold; or may hand out anything.
 *
 * @throws {ForbiddenError} naming the first right that is missing.
 */
export async function requireOpening(context: Context, datasetId: string): Promise<void> {
  const { rights, tenant, transaction, prisma } = context;
  if (permits(rights, GRANT_ANY) || !tenant) return;
  const anonymous = await prisma.role.findFirst({
    where: { tenantId: tenant.id, builtIn: "ANONYMOUS" },
  });
  const roles = [...rights.roles, ...(anonymous ? [roleOf(anonymous)] : [])];
  const [definition] = await datasetDefinitions(
    transaction,
    tenant.id,
    roles.map(({ id }) => id),
    { ids: [datasetId] },
  );
  if (!anonymous || !definition) return;
  const { name, columns, grants } = definition;
  const columnIds = columns.map(({ id }) => id);
  const open = { accessLevel: "OPEN", columnIds, grants } as const;
  const held = accessPlan(rights, open);
  const nobody = accessPlan(rightsOf([]), open);
  const everybody = accessPlan({ ...rightsOf([roleOf(anonymous)], true), principal: PUBLIC }, open);
  const missing = missingDataRight({ before: nobody, after: everybody, held }, columnIds);
  if (!missing) return;
  const column = columns.find(({ id }) => id === missing.columnId && isColumnKnown(held, id));
  const place = isKnown(held) ? ` ${name}${column ? `.${column.name}` : ""}` : "";
  throw new ForbiddenError({ gate: "DATA", name: `${missing.action}${place}` });
}
