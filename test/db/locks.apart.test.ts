/**
 * The second lock, with the first taken away: in this file the decisions of `authz/` can be replaced by
 * "yes" to everybody about everything, and the tenant of a request by another one.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import sql from "sql-template-tag";
import type * as AccessPlans from "../../src/authz/access-plan.ts";
import type * as Delegation from "../../src/authz/delegation.ts";
import type * as RightsOf from "../../src/authz/rights.ts";
import type * as Identify from "../../src/identity/identify.ts";
import { type Answer, type Asking, aWorld, uniqueName, type World } from "../support/world.ts";
import { digitsOf } from "./as-role.ts";

/** What is taken away at the moment. */
const sabotage = vi.hoisted(() => ({
  isOpen: false,
  /** In place of the caller's own tenant. */
  tenantId: null as string | null,
}));

/** All actions on all columns in all rows. */
function everything(fieldIds: readonly string[]): AccessPlans.AccessPlan {
  const all = {
    roles: [],
    rows: { kind: "all" as const, of: [] },
    dataset: true,
    fields: new Set(fieldIds),
  };
  return { READ: [all], CREATE: [all], UPDATE: [all], DELETE: [all] };
}

vi.mock("../../src/authz/access-plan.ts", async (original) => {
  const real = await original<typeof AccessPlans>();
  return {
    ...real,
    accessPlan: ((rights, guarded) =>
      sabotage.isOpen
        ? everything(guarded.fieldIds)
        : real.accessPlan(rights, guarded)) satisfies typeof real.accessPlan,
  };
});

vi.mock("../../src/authz/rights.ts", async (original) => {
  const real = await original<typeof RightsOf>();
  return {
    ...real,
    permits: ((...args) => sabotage.isOpen || real.permits(...args)) satisfies typeof real.permits,
    permitsAny: ((...args) =>
      sabotage.isOpen || real.permitsAny(...args)) satisfies typeof real.permitsAny,
  };
});

vi.mock("../../src/authz/delegation.ts", async (original) => {
  const real = await original<typeof Delegation>();
  return {
    ...real,
    missingRight: ((...args) =>
      sabotage.isOpen ? null : real.missingRight(...args)) satisfies typeof real.missingRight,
    missingDataRight: ((...args) =>
      sabotage.isOpen
        ? null
        : real.missingDataRight(...args)) satisfies typeof real.missingDataRight,
  };
});

vi.mock("../../src/db/is-known-sql.ts", async (original) => {
  const real = await original<{ isKnownSql: (rights: RightsOf.Rights) => typeof sql }>();
  return {
    isKnownSql: (rights: RightsOf.Rights) =>
      sabotage.isOpen ? sql`true` : real.isKnownSql(rights),
  };
});

vi.mock("../../src/identity/identify.ts", async (original) => {
  const real = await original<typeof Identify>();
  return {
    ...real,
    identify: (async (...args) => {
      const caller = await real.identify(...args);
      const { tenantId } = sabotage;
      if (tenantId === null || !caller.tenant) return caller;
      const principal = { ...caller.rights.principal, tenantId };
      return {
        ...caller,
        rights: { ...caller.rights, principal },
        tenant: { ...caller.tenant, id: tenantId },
      };
    }) satisfies typeof real.identify,
  };
});

/** Stands in everything that the victim has, so that it is known wherever it comes out. */
const CANARY = uniqueName("canary");

/** A link of the attacker's. */
const OWN_LINK = "onward";

type Dataset = Awaited<ReturnType<World["dataset"]>>;

let victim: World;
let attacker: World;
let theirs: Theirs;
let own: Dataset;
let powerless: string;

interface Theirs {
  readonly secret: Dataset;
  readonly open: Dataset;
  readonly role: string;
  readonly key: { readonly id: string; readonly secret: string };
  readonly grant: string;
  readonly link: string;
}

beforeAll(async () => {
  [victim, attacker] = [await aWorld(), await aWorld()];
  theirs = await fill(victim);
  own = await attacker.dataset({
    columns: [{ name: "note", type: "TEXT" }],
    rows: [{ note: "own secret" }],
  });
  await attacker.link({ datasetId: own.id, targetId: own.id, name: OWN_LINK });
  powerless = await attacker.key({ roles: [{ permissions: [] }] });
});
beforeEach(() => {
  sabotage.isOpen = false;
  sabotage.tenantId = null;
});
afterAll(() => attacker.database.close());

async function fill(world: World): Promise<Theirs> {
  const columns = [
    { name: CANARY, type: "TEXT", unique: true, label: CANARY },
    { name: "amount", type: "INTEGER" },
  ];
  const rows = [{ [CANARY]: CANARY, amount: 41_414_141 }];
  const secret = await world.dataset({ name: CANARY, columns, rows });
  const open = await world.dataset({ columns, rows });
  await world.ask(
    `mutation ($id: ID!) { updateDataset(input: {id: $id, accessLevel: OPEN}) { dataset { id } } }`,
    { variables: { id: open.id } },
  );
  const role = await world.role({ name: CANARY });
  const key = await world.keyWithId({ name: CANARY, roles: [role] });
  const { id: link } = await leading(world, secret, open);
  await leading(world, open, secret);
  await leading(world, open, open);
  const { setGrant } = await world.ask<{ setGrant: { grant: { id: string } } }>(
    `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
    { variables: { input: { roleId: role, datasetId: secret.id, read: "ALLOW" } } },
  );
  return { secret, open, role, key, grant: setGrant.grant.id, link };
}

/** Leads the first row of a dataset to that of another by a link of its own. */
async function leading({ ask, link: addLink }: World, from: Dataset, to: Dataset) {
  const link = await addLink({ datasetId: from.id, targetId: to.id, name: uniqueName("link") });
  await ask(
    `mutation ($id: ID!, $row: UpdateRow!) { updateRows(input: {datasetId: $id, rows: [$row]}) { count } }`,
    {
      variables: {
        id: from.id,
        row: { id: from.rows[0], values: { [link.name]: to.rows[0] } },
      },
    },
  );
  return link;
}

const ROWS = "rowCount rows { totalCount nodes { id values hiddenColumns } }";
const DATASET = `id name label accessLevel columns { id name label }
  links { id name label target { id name } } ${ROWS}`;
const EVERYTHING = `{
  datasets { totalCount nodes { ${DATASET} } }
  roles { totalCount nodes { id name grants { id } } }
  keys { totalCount nodes { id name roles { name } } }
  tenant { id slug label }
}`;

/** Asks with nothing decided by the API, as a caller to whom nothing is given. */
async function unchecked(query: string, asking: Asking = {}): Promise<Answer> {
  sabotage.isOpen = true;
  try {
    return await attacker.run(query, { key: powerless, ...asking });
  } finally {
    sabotage.isOpen = false;
  }
}

/** Everything that the victim has, as the owner of the database sees it. */
async function stateOfVictim() {
  const { pool } = attacker.database;
  const read = async (text: string) => (await pool.query<object>(text)).rows;
  const rows = [theirs.secret, theirs.open].map(({ id }) =>
    read(`SELECT * FROM data.t_${digitsOf(id)}`),
  );
  const names =
    "role api_key key_role dataset dataset_column dataset_link row_link role_grant remembered_write".split(
      " ",
    );
  const system = names.map((name) =>
    read(`SELECT * FROM ${name} WHERE tenant_id = '${victim.tenantId}' ORDER BY 2, 3`),
  );
  const tenant = read(
    `SELECT id, slug, label, rights_version FROM tenant WHERE id = '${victim.tenantId}'`,
  );
  return await Promise.all([...rows, ...system, tenant]);
}

/** Documents that name everything of the victim, in every argument that takes a name or an id. */
function reachingOut({ secret, role, key, grant, link }: Theirs): [string, object][] {
  const column = secret.columns[CANARY];
  const [row] = secret.rows;
  const tenant = `tenant_${digitsOf(victim.tenantId)}`;
  const ids = [secret.id, column, row, role, key.id, grant, link, tenant];
  const values = { amount: 1 };
  return [
    ["query ($id: ID!) { dataset(id: $id) { " + DATASET + " } }", { id: secret.id }],
    ["query ($name: String!) { dataset(name: $name) { " + DATASET + " } }", { name: CANARY }],
    ["query ($id: ID!) { role(id: $id) { id name } }", { id: role }],
    ["query ($id: ID!) { key(id: $id) { id name roles { name } } }", { id: key.id }],
    ["query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids }],
    ...ids.map((id): [string, object] => [
      `query ($id: ID!) { node(id: $id) { __typename id
        ... on Dataset { ${DATASET} } ... on Row { values dataset { ${DATASET} } }
        ... on Key { name } ... on Role { name } ... on Column { name dataset { name } } } }`,
      { id },
    ]),
    [
      `query ($own: ID!, $row: ID!) { dataset(id: $own) { row(id: $row) { values } } }`,
      { own: own.id, row },
    ],
    [
      `query ($key: String!) { checkAccess(permission: "viewer::get", key: $key) { hasAccess } }`,
      { key: key.secret },
    ],
    mutation("createRows", "CreateRowsInput", { datasetId: secret.id, rows: [values] }),
    mutation("updateRows", "UpdateRowsInput", {
      datasetId: secret.id,
      rows: [{ id: row, values }],
    }),
    mutation("deleteRows", "DeleteRowsInput", { datasetId: secret.id, rows: [{ id: row }] }),
    mutation("deleteRows", "DeleteRowsInput", { datasetId: own.id, rows: [{ id: row }] }),
    mutation("updateDataset", "UpdateDatasetInput", { id: secret.id, label: "x" }),
    mutation("deleteDataset", "DeleteDatasetInput", { id: secret.id }),
    mutation("addColumn", "AddColumnInput", {
      datasetId: secret.id,
      column: { name: "x", type: "TEXT" },
    }),
    mutation("updateColumn", "UpdateColumnInput", { id: column, label: "x" }),
    mutation("removeColumn", "RemoveColumnInput", { id: secret.columns["amount"] }),
    mutation("addLink", "AddLinkInput", { datasetId: secret.id, targetId: own.id, name: "x" }),
    mutation("addLink", "AddLinkInput", { datasetId: own.id, targetId: secret.id, name: "x" }),
    mutation("updateLink", "UpdateLinkInput", { id: link, label: "x" }),
    mutation("removeLink", "RemoveLinkInput", { id: link }),
    mutation("updateRows", "UpdateRowsInput", {
      datasetId: own.id,
      rows: [{ id: own.rows[0], values: { [OWN_LINK]: row } }],
    }),
    mutation("setGrant", "SetGrantInput", {
      roleId: role,
      datasetId: secret.id,
      linkId: link,
      update: "ALLOW",
    }),
    mutation("updateRole", "UpdateRoleInput", { id: role, canRead: true }),
    mutation("deleteRole", "DeleteRoleInput", { id: role }),
    mutation("setGrant", "SetGrantInput", { roleId: role, datasetId: secret.id, update: "ALLOW" }),
    mutation("removeGrant", "RemoveGrantInput", { roleId: role, datasetId: secret.id }),
    mutation("rollKey", "RollKeyInput", { id: key.id, overlapSeconds: 60 }),
    mutation("revokeKey", "RevokeKeyInput", { id: key.id }),
    mutation("createKey", "CreateKeyInput", { name: "x", roleIds: [role] }),
  ];
}

function mutation(field: string, type: string, input: object): [string, object] {
  return [`mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`, { input }];
}

/** Whether anything of the victim stands in an answer: names and cells, and the tenant's own id. */
function isLeak({ text }: Answer): boolean {
  return [CANARY, "41414141", digitsOf(victim.tenantId)].some((secret) => text.includes(secret));
}

describe("with the checks of the API removed", () => {
  test("a caller gets more than before within its tenant, so that they are really gone", async () => {
    const before = await attacker.run(EVERYTHING, { key: powerless });
    const after = await unchecked(EVERYTHING);
    expect(before.errors.map(({ extensions }) => extensions.code)).toStrictEqual(
      before.errors.map(() => "FORBIDDEN"),
    );
    expect(before.text).not.toContain("own secret");
    expect(after.errors).toStrictEqual([]);
    expect(after.text).toContain("own secret");
    expect(after.data).toMatchObject({ datasets: { totalCount: 1 }, keys: { totalCount: 2 } });
    const values = { note: "written without a right" };
    const [query, variables] = mutation("createRows", "CreateRowsInput", {
      datasetId: own.id,
      rows: [values],
    });
    const { errors } = await unchecked(query, { variables: variables as Record<string, unknown> });
    expect(errors).toStrictEqual([]);
  });

  test("no list holds anything of another tenant", async () => {
    expect(isLeak(await unchecked(EVERYTHING))).toBe(false);
  });

  test("no id or name of another tenant leads anywhere, to read or to write", async () => {
    const before = await stateOfVictim();
    for (const [query, variables] of reachingOut(theirs)) {
      const answer = await unchecked(query, { variables: variables as Record<string, unknown> });
      expect([query, isLeak(answer)]).toStrictEqual([query, false]);
    }
    expect(await stateOfVictim()).toStrictEqual(before);
  });

  test("nor does any when the API takes the caller's tenant to be the other one", async () => {
    const before = await stateOfVictim();
    sabotage.tenantId = victim.tenantId;
    const empty = { totalCount: 0, nodes: [] };
    expect((await unchecked(EVERYTHING)).data).toStrictEqual({
      datasets: empty,
      roles: empty,
      keys: empty,
      tenant: null,
    });
    const documents: [string, object][] = [[EVERYTHING, {}], ...reachingOut(theirs)];
    for (const [query, variables] of documents) {
      const answer = await unchecked(query, { variables: variables as Record<string, unknown> });
      expect([query, isLeak(answer)]).toStrictEqual([query, false]);
    }
    for (const query of [
      `mutation { createRole(input: {name: "planted", canRead: true}) { role { id } } }`,
      `mutation { createKey(input: {name: "planted", roleIds: ["${theirs.role}"]}) { secret } }`,
      `mutation { createDataset(input: {name: "planted", columns: []}) { dataset { id } } }`,
      `mutation { updateTenant(input: {label: "planted"}) { tenant { id } } }`,
    ]) {
      const { errors } = await unchecked(query);
      expect(errors).not.toStrictEqual([]);
    }
    expect(await stateOfVictim()).toStrictEqual(before);
  });

  test("the public reads no row that is not OPEN, and writes nothing", async () => {
    const asking = { key: null, headers: { "x-fieldgate-tenant": victim.slug } };
    const before = await stateOfVictim();
    const listed = await unchecked(`{ datasets { totalCount nodes { ${DATASET} } } }`, asking);
    expect(listed.data).toMatchObject({
      datasets: { totalCount: 1, nodes: [{ id: theirs.open.id, rowCount: 1 }] },
    });
    for (const [query, variables] of reachingOut(theirs)) {
      const answer = await unchecked(query, {
        ...asking,
        variables: variables as Record<string, unknown>,
      });
      const isRefused = answer.errors.length > 0 || query.startsWith("query");
      expect([query, answer.text.includes("41414141")]).toStrictEqual([query, false]);
      expect([query, isRefused]).toStrictEqual([query, true]);
    }
    expect(await stateOfVictim()).toStrictEqual(before);
  });

  test("the public is led to no row of what is not OPEN", async () => {
    const asking = { key: null, headers: { "x-fieldgate-tenant": victim.slug } };
    const about = await unchecked(
      `{ datasets { nodes { links { name target { id } } } } }`,
      asking,
    );
    const { links } = (about.data as { datasets: { nodes: { links: NamedLink[] }[] } }).datasets
      .nodes[0] ?? { links: [] };
    expect(links.map(({ target }) => target?.id ?? null)).toStrictEqual([null, theirs.open.id]);
    for (const { name, target } of links) {
      const { data } = await unchecked(
        `query ($link: String!) { datasets { nodes { rows { nodes {
           linked(link: $link) { totalCount nodes { id } } } } } } }`,
        { ...asking, variables: { link: name } },
      );
      const linked = target
        ? { totalCount: 1, nodes: [{ id: theirs.open.rows[0] }] }
        : { totalCount: 0, nodes: [] };
      expect(data).toStrictEqual({ datasets: { nodes: [{ rows: { nodes: [{ linked }] } }] } });
    }
  });

  test("the public sees more of what is OPEN than before, so that the checks are gone for it too", async () => {
    const asking = { key: null, headers: { "x-fieldgate-tenant": victim.slug } };
    await victim.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      {
        variables: {
          input: {
            roleId: await anonymousRole(),
            datasetId: theirs.open.id,
            columnId: theirs.open.columns["amount"],
            read: "WITHHOLD",
          },
        },
      },
    );
    const query = `{ datasets { nodes { ${ROWS} } } }`;
    const checked = await attacker.run(query, asking);
    expect(checked.text).toContain(CANARY);
    expect(checked.text).not.toContain("41414141");
    expect((await unchecked(query, asking)).text).toContain("41414141");
  });
});

interface NamedLink {
  readonly name: string;
  readonly target: { readonly id: string } | null;
}

async function anonymousRole(): Promise<string> {
  const { roles } = await victim.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  return roles.nodes.find(({ name }) => name === "anonymous")?.id ?? "";
}
