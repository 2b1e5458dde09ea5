import { aWorld as aTenant, type World as Tenant } from "../support/world.ts";
import { at, callEach } from "./call-each.ts";
import type { Caller, Column, Dataset, Grant, Role, World } from "./model.ts";
import { type LinkIds, makeLinks } from "./stage-links.ts";
import { makeTokens, type Presented } from "./stage-tokens.ts";
import { beginSessions, makeUsers } from "./stage-users.ts";

/** A world that stands in the product, built through its API as anybody would. */
export interface Stage {
  /** The world with the ids that its users have in the product. */
  readonly world: World;
  readonly tenant: Tenant;
  /** The product's id of a dataset, by the dataset's name. */
  readonly datasets: ReadonlyMap<string, string>;
  /** The product's id of a row, by the row's id in the world. */
  readonly rows: Map<string, string>;
  /** How a caller presents its key, session or token, by its name; the public has none. */
  readonly credentials: ReadonlyMap<string, Presented>;
  readonly asks: Asks;
}

/** How many documents callers asked of a stage. */
export interface Asks {
  byUsers: number;
  /** Those of users by JWTs, which are counted with the users too. */
  byJwts: number;
  byTokens: number;
  /** With a list of the roles in effect. */
  narrowed: number;
  all: number;
}

/** Makes a tenant with all that is in the world. */
export async function stage(drawn: World): Promise<Stage> {
  const tenant = await aTenant();
  const { world, users } = await makeUsers(tenant, drawn);
  const datasets = await makeDatasets(tenant, world.datasets);
  const rows = await makeRows(tenant, world.datasets, datasets);
  const ids = new Map([...datasets].map(([name, { id }]) => [name, id]));
  const links = await makeLinks(tenant, world.datasets, { datasets: ids, rows });
  const roles = await makeRoles(tenant, world.roles);
  await setGrants(tenant, world.roles, { datasets, links, roles });
  const keys = await makeKeys(tenant, world.callers, roles);
  const sessions = await beginSessions(tenant, users, roles);
  const tokens = await makeTokens(tenant, world, { roles, datasets: ids });
  const texts = [...keys].map(([name, key]) => [name, { key }] as const);
  const credentials = new Map<string, Presented>([...texts, ...sessions, ...tokens]);
  const asks = { byUsers: 0, byJwts: 0, byTokens: 0, narrowed: 0, all: 0 };
  return { world, tenant, datasets: ids, rows, credentials, asks };
}

interface MadeDataset {
  readonly id: string;
  readonly columns: readonly { readonly id: string; readonly name: string }[];
}

async function makeDatasets(
  tenant: Tenant,
  datasets: readonly Dataset[],
): Promise<Map<string, MadeDataset>> {
  const made = await callEach<{ dataset: MadeDataset }>(
    tenant,
    { field: "createDataset", selection: "dataset { id columns { id name } }" },
    datasets.map(({ name, accessLevel, columns }) => ({
      name,
      accessLevel,
      columns: columns.map(columnInput),
    })),
  );
  return new Map(datasets.map(({ name }, index) => [name, at(made, index).dataset]));
}

function columnInput({
  name,
  type,
  whenDenied,
  isRequired,
  isUnique = false,
  options,
  ...column
}: Column) {
  return {
    name,
    type,
    required: isRequired,
    ...(whenDenied !== "ABSENT" && { whenDenied }),
    ...(column.default !== null && { default: column.default }),
    ...(type === "SELECT" && { options }),
    ...(isUnique && { unique: true, tellsTaken: true }),
  };
}

async function makeRows(
  tenant: Tenant,
  datasets: readonly Dataset[],
  made: ReadonlyMap<string, MadeDataset>,
): Promise<Map<string, string>> {
  const filled = await callEach<{ rows: { id: string }[] }>(
    tenant,
    { field: "createRows", selection: "rows { id }" },
    datasets.map(({ name, rows }) => ({
      datasetId: made.get(name)?.id,
      rows: rows.map(({ cells }) => cells),
    })),
  );
  const ids = new Map<string, string>();
  for (const [index, { rows }] of datasets.entries()) {
    for (const [place, { id }] of rows.entries()) ids.set(id, at(at(filled, index).rows, place).id);
  }
  return ids;
}

/** The product's ids of the roles, by name. Those of the public and of every user are there, and get their defaults. */
async function makeRoles(tenant: Tenant, roles: readonly Role[]): Promise<Map<string, string>> {
  const own = roles.filter(({ builtIn }) => builtIn === null);
  const made = await callEach<{ role: { id: string } }>(
    tenant,
    { field: "createRole", selection: "role { id }" },
    own.map(({ name, permissions, defaults }) => ({ name, permissions, ...defaultsOf(defaults) })),
  );
  const ids = new Map(own.map(({ name }, index) => [name, at(made, index).role.id]));
  const { roles: standing } = await tenant.ask<{
    roles: { nodes: { id: string; name: string }[] };
  }>("{ roles { nodes { id name } } }");
  for (const { name, id } of standing.nodes) ids.set(name, id);
  const changed = roles.filter(({ builtIn }) => builtIn && builtIn !== "ADMINISTRATOR");
  await callEach(
    tenant,
    { field: "updateRole", selection: "role { id }" },
    changed.map(({ name, builtIn, defaults, permissions }) => ({
      id: ids.get(name),
      permissions,
      ...(builtIn === "ANONYMOUS" ? { canRead: defaults.includes("READ") } : defaultsOf(defaults)),
    })),
  );
  return ids;
}

function defaultsOf(defaults: Role["defaults"]) {
  return {
    canRead: defaults.includes("READ"),
    canCreate: defaults.includes("CREATE"),
    canUpdate: defaults.includes("UPDATE"),
    canDelete: defaults.includes("DELETE"),
  };
}

async function setGrants(
  tenant: Tenant,
  roles: readonly Role[],
  ids: {
    datasets: ReadonlyMap<string, MadeDataset>;
    links: LinkIds;
    roles: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const inputs = roles.flatMap(({ name, grants }) =>
    grants.map(({ dataset: of, place, settings, rowFilters }) => {
      const dataset = ids.datasets.get(of);
      const columnId = dataset?.columns.find((column) => column.name === place)?.id;
      const linkId = ids.links.get(of)?.get(place ?? "");
      if (place !== null && !columnId && !linkId) throw new Error(`Nothing is called ${place}.`);
      return {
        roleId: ids.roles.get(name),
        datasetId: dataset?.id,
        ...(columnId && { columnId }),
        ...(linkId && { linkId }),
        ...inLowerCase(settings),
        ...(Object.keys(rowFilters).length > 0 && { rowFilter: inLowerCase(rowFilters) }),
      };
    }),
  );
  await callEach(tenant, { field: "setGrant", selection: "grant { id }" }, inputs);
}

/** By action, as inputs name actions. */
function inLowerCase(said: Grant["settings"] | Grant["rowFilters"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(said).map(([action, value]) => [action.toLowerCase(), value]),
  );
}

async function makeKeys(
  tenant: Tenant,
  callers: readonly Caller[],
  roles: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const withKey = callers.filter(({ isPublic, user, token }) => !isPublic && !user && !token);
  const made = await callEach<{ secret: string }>(
    tenant,
    { field: "createKey", selection: "secret" },
    withKey.map(({ name, isPublishable, roles: held }) => ({
      name,
      publishable: isPublishable,
      roleIds: held.map((role) => roles.get(role)),
    })),
  );
  return new Map(withKey.map(({ name }, index) => [name, at(made, index).secret]));
}
