/** Policies drawn by chance, and tenants in which they hold: roles with filters, and keys that hold them. */
import fc from "fast-check";
import { aWorld, type NewGrant, uniqueName, type World } from "../../support/world.ts";

export const COLUMNS = ["a", "b", "c"] as const;

/** The permissions that a drawn role may lack. */
export const PERMISSIONS = ["row::get", "row::create", "row::update", "row::delete"] as const;

/** What each caller needs to be asked at all. */
const ASKED = ["viewer::get", "dataset::get"];

const ACTIONS = ["read", "create", "update", "delete"] as const;

/** The cells of a row that filters speak of. */
export interface Cells {
  readonly a: string | null;
  readonly b: string | null;
}

const cell = fc.constantFrom("x", "x", "y", null);
const rows = fc.array(fc.record({ a: cell, b: cell }), { minLength: 3, maxLength: 3 });

const column = fc.constantFrom("a", "b");
const operand = fc.constantFrom("x", "x", "x", "y", "y", "$user.city");
const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.record({ column, eq: operand }) },
  { weight: 2, arbitrary: fc.record({ column, ne: operand }) },
  { weight: 1, arbitrary: fc.record({ column, isNull: fc.boolean() }) },
);
const filter: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map((not) => ({ not })) },
  { weight: 1, arbitrary: fc.tuple(leaf, leaf).map((or) => ({ or })) },
);

const setting = fc.constantFrom(undefined, "ALLOW" as const, "ALLOW" as const, "WITHHOLD" as const);
const settings = fc.record({ read: setting, create: setting, update: setting });
const maybeFilter = fc.option(filter, { nil: undefined, freq: 2 });

const role = fc.record({
  permissions: fc.subarray([...PERMISSIONS, ...PERMISSIONS], { minLength: 4 }),
  defaults: fc.record({
    canRead: fc.boolean(),
    canCreate: fc.boolean(),
    canUpdate: fc.boolean(),
    canDelete: fc.boolean(),
  }),
  onDataset: fc.record({
    settings: fc.tuple(settings, setting).map(([some, remove]) => ({ ...some, delete: remove })),
    filters: fc.record({
      read: maybeFilter,
      create: maybeFilter,
      update: maybeFilter,
      delete: maybeFilter,
    }),
  }),
  onColumns: fc.uniqueArray(fc.tuple(fc.constantFrom(...COLUMNS), settings), {
    selector: ([name]) => name,
    maxLength: 2,
  }),
});

/** Roles, keys and a user that hold some of them, and what the public may. */
export const policies = fc.record({
  rows,
  isUnique: fc.boolean(),
  isOpen: fc.boolean(),
  publicColumns: fc.uniqueArray(fc.constantFrom(...COLUMNS), { maxLength: 1 }),
  roles: fc.array(role, { minLength: 4, maxLength: 4 }),
  keys: fc.array(
    fc.record({
      roles: fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 3 }),
      publishable: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 4, maxLength: 4 },
  ),
  user: fc.record({
    roles: fc.subarray([0, 1, 2, 3], { maxLength: 3 }),
    city: fc.constantFrom("x", "x", "y", null),
  }),
});

/** What {@link policies} draws. */
export type Policies = typeof policies extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Somebody who asks, and rows of its own to ask about. */
export interface Asker {
  /** The text of a key or of a session; null: the public. */
  readonly key: string | null;
  /** What `$user.city` is; null: it has no value. */
  readonly city: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The same, as the subject of an explanation. */
  readonly subject: object;
  readonly rows: readonly { readonly id: string; readonly cells: Cells & { readonly c: number } }[];
}

/** A tenant in which policies hold. */
export interface Stage {
  readonly world: World;
  readonly dataset: Awaited<ReturnType<World["dataset"]>>;
  readonly askers: readonly Asker[];
}

/** Makes a tenant in which policies hold. Each that asks has a copy of the rows, since it will delete them. */
export async function stageOf(drawn: Policies): Promise<Stage> {
  const world = await aWorld();
  const copies = [...drawn.keys, "the user", "the public"].flatMap(() => drawn.rows);
  const cells = copies.map((row, place) => ({ ...row, c: place }));
  const dataset = await world.dataset({
    name: "d",
    columns: [
      { name: "a", type: "TEXT" },
      { name: "b", type: "TEXT" },
      { name: "c", type: "INTEGER", unique: drawn.isUnique },
    ],
    rows: cells,
  });
  const roleIds: string[] = [];
  for (const each of drawn.roles) roleIds.push(await aRole({ world, dataset }, each));
  const keys = await Promise.all(
    drawn.keys.map(({ roles, publishable }) =>
      world.keyWithId({ roles: roles.map((place) => roleIds[place] ?? ""), publishable }),
    ),
  );
  const askers = [
    ...keys.map(({ id, secret }) => ({
      key: secret,
      city: null,
      headers: {},
      subject: { keyId: id },
    })),
    await theUser(world, drawn, roleIds),
    await thePublic({ world, dataset }, drawn),
  ];
  const size = drawn.rows.length;
  const own = dataset.rows.map((id, place) => ({
    id,
    cells: cells[place] as Cells & { c: number },
  }));
  return {
    world,
    dataset,
    askers: askers.map((asker, place) => ({
      ...asker,
      rows: own.slice(place * size, (place + 1) * size),
    })),
  };
}

async function aRole(
  { world, dataset }: Omit<Stage, "askers">,
  { permissions, defaults, onDataset, onColumns }: Policies["roles"][number],
): Promise<string> {
  const datasetId = dataset.id;
  const rowFilter = said(onDataset.filters);
  const grants: NewGrant[] = [
    {
      datasetId,
      ...said(onDataset.settings),
      ...(Object.keys(rowFilter).length > 0 && { rowFilter }),
    },
    ...onColumns.map(([name, each]) => ({
      datasetId,
      columnId: dataset.columns[name] ?? "",
      ...said(each),
    })),
  ];
  return await world.role({
    name: uniqueName("r"),
    ...defaults,
    permissions: [...new Set([...ASKED, ...permissions])],
    grants: grants.filter((grant) => [...ACTIONS, "rowFilter"].some((name) => name in grant)),
  });
}

/** The same without what is left open. */
function said<Said extends object>(drawn: Said) {
  const entries = Object.entries(drawn).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Said]?: NonNullable<Said[Name]> };
}

async function theUser(
  world: World,
  { user: { roles, city } }: Policies,
  roleIds: readonly string[],
) {
  await world.ask(
    `mutation { setUserAttributes(input: {attributes: [{name: "city", type: TEXT}]}) { tenant { id } } }`,
  );
  const user = await world.user({
    attributes: city === null ? {} : { city },
    roles: roles.map((place) => roleIds[place] ?? ""),
  });
  return { key: await world.login(user), city, headers: {}, subject: { userId: user.id } };
}

async function thePublic(
  { world, dataset }: Omit<Stage, "askers">,
  { isOpen, publicColumns }: Policies,
) {
  const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  const roleId = roles.nodes.find(({ name }) => name === "anonymous")?.id ?? "";
  if (isOpen) {
    await world.ask(
      `mutation ($id: ID!) { updateDataset(input: {id: $id, accessLevel: OPEN}) { dataset { id } } }`,
      { variables: { id: dataset.id } },
    );
  }
  for (const name of publicColumns) {
    const input = {
      roleId,
      datasetId: dataset.id,
      columnId: dataset.columns[name],
      read: "WITHHOLD",
    };
    await world.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      { variables: { input } },
    );
  }
  return {
    key: null,
    city: null,
    headers: { "x-fieldgate-tenant": world.slug },
    subject: { roleIds: [roleId] },
  };
}
