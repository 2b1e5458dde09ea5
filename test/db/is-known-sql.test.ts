import fc from "fast-check";
import sql from "sql-template-tag";
import { expect, test } from "vitest";
import { guardedOf } from "../../src/access/known-dataset.ts";
import { accessPlan, isKnown } from "../../src/authz/access-plan.ts";
import type { Principal } from "../../src/authz/principal.ts";
import type { Rights } from "../../src/authz/rights.ts";
import type { Role } from "../../src/authz/role.ts";
import { ACTIONS } from "../../src/authz/action.ts";
import { datasetDefinitions } from "../../src/db/dataset-definition.ts";
import { newUuid } from "../../src/db/id.ts";
import { isKnownSql } from "../../src/db/is-known-sql.ts";
import { inTransaction, type Transaction } from "../../src/db/transaction.ts";
import { aWorld } from "../support/world.ts";

/** How many datasets each case has. */
const DATASETS = 6;

const setting = fc.constantFrom(null, "ALLOW", "WITHHOLD");

/** One role's defaults, and what its grants say of a dataset as a whole, of its column and of its link. */
const aRole = fc.record({
  builtIn: fc.constantFrom(null, null, null, "AUTHENTICATED", "ADMINISTRATOR"),
  defaults: fc.subarray([...ACTIONS], { maxLength: 2 }),
  grants: fc.array(
    fc.record({
      dataset: fc.nat(DATASETS - 1),
      on: fc.constantFrom("dataset", "column", "link"),
      read: setting,
      create: setting,
      update: setting,
      delete: setting,
    }),
    { maxLength: 16 },
  ),
});

const aCase = fc.record({
  roles: fc.array(aRole, { maxLength: 3 }),
  isPublic: fc.boolean(),
  isPublishable: fc.boolean(),
  levels: fc.array(fc.constantFrom("PRIVATE", "ONLY_VIZ", "OPEN"), {
    minLength: DATASETS,
    maxLength: DATASETS,
  }),
});

type Case = typeof aCase extends fc.Arbitrary<infer Value> ? Value : never;
type Stored = Pick<Rights, "roles">["roles"][number];

test("a list is cut by the rule that guards single datasets", async () => {
  await fc.assert(
    fc.asyncProperty(aCase, async (drawn) => {
      const { listed, known } = await bothAnswers(drawn);
      expect(listed).toStrictEqual(known);
    }),
    { numRuns: 100 },
  );
});

/** Which datasets SQL lists and which the plan knows, in a tenant of their own. */
async function bothAnswers({ roles, isPublic, isPublishable, levels }: Case) {
  const { database, tenantId } = await aWorld();
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  const stored = await inTransaction(database, reach, async (transaction) => {
    const datasets = await insertDatasets(transaction, tenantId, levels);
    return await insertRoles(transaction, tenantId, { roles, datasets });
  });
  const principal: Principal = { kind: "KEY", tenantId, id: null, name: "" };
  const rights: Rights = isPublic
    ? {
        principal: { ...principal, kind: "ANONYMOUS" },
        roles: stored.filter(isNoAdministrator),
        variables: new Map(),
        readOnly: true,
      }
    : { principal, roles: stored, variables: new Map(), readOnly: isPublishable };
  return await inTransaction(database, { ...reach, mode: "snapshot" }, async (transaction) => {
    const all = await transaction.query<{ id: string; is_listed: boolean }>(
      sql`SELECT d.id, ${isKnownSql(rights)} AS is_listed FROM dataset d ORDER BY d.id`,
    );
    const definitions = await datasetDefinitions(
      transaction,
      tenantId,
      rights.roles.map(({ id }) => id),
      { ids: all.map(({ id }) => id) },
    );
    const knownIds = definitions
      .filter((definition) => isKnown(accessPlan(rights, guardedOf(definition))))
      .map(({ id }) => id);
    return {
      listed: all.flatMap(({ id, is_listed }) => (is_listed ? [id] : [])),
      known: knownIds.toSorted(),
    };
  });
}

function isNoAdministrator({ builtIn }: Stored): boolean {
  return builtIn !== "ADMINISTRATOR";
}

interface InsertedDataset {
  readonly id: string;
  readonly columnId: string;
  readonly linkId: string;
}

const NO_DATASET: InsertedDataset = { id: "", columnId: "", linkId: "" };

async function insertDatasets(
  transaction: Transaction,
  tenantId: string,
  levels: readonly string[],
): Promise<InsertedDataset[]> {
  const datasets = levels.map((level, index) => ({
    id: newUuid(),
    columnId: newUuid(),
    linkId: newUuid(),
    level,
    index,
  }));
  await transaction.query(sql`
    WITH d AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(datasets)}::jsonb)
                 AS d (id uuid, "columnId" uuid, "linkId" uuid, level access_level, index integer)),
    made AS (
      INSERT INTO dataset (tenant_id, id, name, label, access_level, row_tag, created_by, updated_by)
      SELECT ${tenantId}::uuid, id, 'd' || index, '', level, index, '', '' FROM d RETURNING id),
    linked AS (
      INSERT INTO dataset_link (tenant_id, id, dataset_id, name, label, target_id, many)
      SELECT ${tenantId}::uuid, d."linkId", made.id, 'l', '', made.id, false
      FROM made JOIN d ON d.id = made.id)
    INSERT INTO dataset_column (tenant_id, id, dataset_id, name, label, type, slot, position, options)
    SELECT ${tenantId}::uuid, d."columnId", made.id, 'c', '', 'TEXT', 1, 1, '{}'
    FROM made JOIN d ON d.id = made.id`);
  return datasets;
}

async function insertRoles(
  transaction: Transaction,
  tenantId: string,
  drawn: { roles: Case["roles"]; datasets: readonly InsertedDataset[] },
): Promise<Role[]> {
  const roles = drawn.roles.map((role) => ({ ...role, id: newUuid() }));
  const grants = roles.flatMap(({ id: roleId, grants: ofRole }) =>
    ofRole.map(({ dataset, on, ...settings }) => {
      const { id, columnId, linkId } = drawn.datasets[dataset] ?? NO_DATASET;
      const deleteSetting = on === "dataset" ? settings.delete : null;
      return {
        ...settings,
        delete: deleteSetting,
        id: newUuid(),
        roleId,
        datasetId: id,
        columnId: on === "column" ? columnId : null,
        linkId: on === "link" ? linkId : null,
      };
    }),
  );
  await transaction.query(sql`
    INSERT INTO role (tenant_id, id, name, permissions)
    SELECT ${tenantId}::uuid, r.id, r.id::text, '{}'
    FROM jsonb_to_recordset(${JSON.stringify(roles)}::jsonb) AS r (id uuid)`);
  await transaction.query(sql`
    INSERT INTO role_grant (tenant_id, id, role_id, dataset_id, column_id, link_id, read, "create", update, delete)
    SELECT ${tenantId}::uuid, g.id, g."roleId", g."datasetId", g."columnId", g."linkId",
           g.read, g."create", g.update, g.delete
    FROM jsonb_to_recordset(${JSON.stringify(grants)}::jsonb) AS g (
      id uuid, "roleId" uuid, "datasetId" uuid, "columnId" uuid, "linkId" uuid,
      read setting, "create" setting, update setting, delete setting)
    ON CONFLICT DO NOTHING`);
  return roles.map(({ id, builtIn, defaults }) => ({
    id,
    name: id,
    builtIn,
    permissions: new Set(),
    defaults: new Set(defaults),
  }));
}
