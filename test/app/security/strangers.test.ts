import { type GraphQLInputType, getNamedType, isInputObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schema } from "../../../src/schema.ts";
import { type Answer, aWorld, type World } from "../../support/world.ts";

type Ids = Readonly<
  Record<"dataset" | "column" | "row" | "role" | "key" | "grant" | "tenant", string>
>;

let world: World;
let own: Ids;
let foreign: Ids;
let foreignKey: string;

beforeAll(async () => {
  world = await aWorld();
  const other = await aWorld();
  own = (await fill(world)).ids;
  ({ ids: foreign, secret: foreignKey } = await fill(other));
});
afterAll(() => world.database.close());

async function fill(of: World): Promise<{ ids: Ids; secret: string }> {
  const dataset = await of.dataset({
    columns: [{ name: "name", type: "TEXT" }],
    rows: [{ name: "first" }],
  });
  const role = await of.role({});
  const key = await of.keyWithId({ roles: [role] });
  const { setGrant } = await of.ask<{ setGrant: { grant: { id: string } } }>(
    `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
    { variables: { input: { roleId: role, datasetId: dataset.id, read: "WITHHOLD" } } },
  );
  const ids = {
    dataset: dataset.id,
    column: dataset.columns["name"] ?? "",
    row: dataset.rows[0] ?? "",
    role,
    key: key.id,
    grant: setGrant.grant.id,
    tenant: `tenant_${of.tenantId.replaceAll("-", "")}`,
  };
  return { ids, secret: key.secret };
}

/** A document with its variables. */
type Asked = readonly [string, Readonly<Record<string, unknown>>];

const mutation = (field: string, input: object, selection = "__typename"): Asked => [
  `mutation ($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) {
     ${field}(input: $input) { ${selection} } }`,
  { input },
];
const listed = (filter: object): Asked => [
  "query ($filter: EventFilter) { events(filter: $filter) { totalCount nodes { id } } }",
  { filter: { ...filter, outcome: "ALLOWED" } },
];
const COLUMN = { name: "choice", type: "SELECT" };

/** For every place in the schema that takes an id: a document that puts one there, all else being right. */
const PLACES: Readonly<Record<string, (id: string) => Asked>> = {
  "Query.dataset.id": (id) => ["query ($id: ID) { dataset(id: $id) { __typename id } }", { id }],
  "Query.key.id": (id) => ["query ($id: ID!) { key(id: $id) { __typename id } }", { id }],
  "Query.role.id": (id) => ["query ($id: ID!) { role(id: $id) { __typename id } }", { id }],
  "Query.node.id": (id) => ["query ($id: ID!) { node(id: $id) { __typename id } }", { id }],
  "Query.nodes.ids": (id) => [
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    { ids: [id, id] },
  ],
  "Dataset.row.id": (id) => [
    "query ($dataset: ID!, $id: ID!) { dataset(id: $dataset) { row(id: $id) { __typename id } } }",
    { dataset: own.dataset, id },
  ],
  // What one has tried oneself stands in one's own log.
  "Query.events.filter.principalId": (principalId) => listed({ principalId }),
  "Query.events.filter.target": (target) => listed({ target }),
  "createRows.datasetId": (datasetId) => mutation("createRows", { datasetId, rows: [{}] }),
  "updateRows.datasetId": (datasetId) =>
    mutation("updateRows", { datasetId, rows: [{ id: own.row, values: {} }] }),
  "updateRows.rows.id": (id) =>
    mutation("updateRows", { datasetId: own.dataset, rows: [{ id, values: {} }] }),
  "deleteRows.datasetId": (datasetId) =>
    mutation("deleteRows", { datasetId, rows: [{ id: own.row }] }),
  "deleteRows.rows.id": (id) => mutation("deleteRows", { datasetId: own.dataset, rows: [{ id }] }),
  "updateDataset.id": (id) => mutation("updateDataset", { id, label: "x" }),
  "deleteDataset.id": (id) => mutation("deleteDataset", { id }),
  "addColumn.datasetId": (datasetId) =>
    mutation("addColumn", { datasetId, column: { name: "x", type: "TEXT" } }),
  "addColumn.readableBy": (id) =>
    mutation("addColumn", {
      datasetId: own.dataset,
      column: { name: "x", type: "TEXT" },
      readableBy: [id],
    }),
  "addColumn.column.optionsFrom": (optionsFrom) =>
    mutation("addColumn", { datasetId: own.dataset, column: { ...COLUMN, optionsFrom } }),
  "createDataset.columns.optionsFrom": (optionsFrom) =>
    mutation("createDataset", { name: "x", columns: [{ ...COLUMN, optionsFrom }] }),
  "updateColumn.id": (id) => mutation("updateColumn", { id, label: "x" }),
  "updateColumn.optionsFrom": (optionsFrom) =>
    mutation("updateColumn", { id: own.column, optionsFrom }),
  "removeColumn.id": (id) => mutation("removeColumn", { id }),
  "updateRole.id": (id) => mutation("updateRole", { id, description: "x" }),
  "deleteRole.id": (id) => mutation("deleteRole", { id }),
  "setGrant.roleId": (roleId) =>
    mutation("setGrant", { roleId, datasetId: own.dataset, read: "ALLOW" }),
  "setGrant.datasetId": (datasetId) =>
    mutation("setGrant", { roleId: own.role, datasetId, read: "ALLOW" }),
  "setGrant.columnId": (columnId) =>
    mutation("setGrant", { roleId: own.role, datasetId: own.dataset, columnId, read: "ALLOW" }),
  "removeGrant.roleId": (roleId) => mutation("removeGrant", { roleId, datasetId: own.dataset }),
  "removeGrant.datasetId": (datasetId) => mutation("removeGrant", { roleId: own.role, datasetId }),
  "removeGrant.columnId": (columnId) =>
    mutation("removeGrant", { roleId: own.role, datasetId: own.dataset, columnId }),
  "createKey.roleIds": (id) => mutation("createKey", { name: "x", roleIds: [own.role, id] }),
  "rollKey.id": (id) => mutation("rollKey", { id, overlapSeconds: 60 }),
  "revokeKey.id": (id) => mutation("revokeKey", { id }),
};

test("every place that takes an id is probed", () => {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const others = Object.values(schema.getTypeMap()).filter((type) => "getFields" in type);
  const found = [...new Set([...roots, ...others])].flatMap((type) => {
    if (!type || isInputObjectType(type) || !("getFields" in type)) return [];
    const isMutation = type === schema.getMutationType();
    return Object.values(type.getFields()).flatMap((field) =>
      "args" in field
        ? field.args.flatMap((arg) =>
            idsIn(arg.type).map((path) =>
              isMutation ? `${field.name}${path}` : `${type.name}.${field.name}.${arg.name}${path}`,
            ),
          )
        : [],
    );
  });
  expect(Object.keys(PLACES).toSorted()).toStrictEqual(found.toSorted());
});

/** The paths at which a type of input takes an id; the empty path: it is one. */
function idsIn(type: GraphQLInputType): string[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return named.name === "ID" ? [""] : [];
  if (named.name === "RowFilter") return [];
  return Object.values(named.getFields()).flatMap((field) =>
    idsIn(field.type).map((path) => `.${field.name}${path}`),
  );
}

/** An id of the same form as another that leads nowhere. */
const unused = (id: string) => `${id.slice(0, -12)}${"0".repeat(12)}`;

const MALFORMED = [
  "",
  "dataset_",
  "role_0",
  "__proto__",
  "null",
  "' OR 1=1 --",
  "\u0000",
  "💥",
  "0".repeat(10_000),
];

/** The same id in other spellings, none of which is its text. */
function respelt(id: string): string[] {
  const [prefix = "", digits = ""] = id.split("_");
  const hyphened = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return [`${prefix}_${digits.toUpperCase()}F`, `${id}\n`, hyphened, `${prefix}_${hyphened}`];
}

describe("an id of another tenant is answered like one that never was, and like one that is malformed", () => {
  const askers: Record<string, () => Promise<string | null>> = {
    "an administrator": async () => world.admin,
    "a key that may call everything and is given no data": async () =>
      await world.key({ roles: [{ permissions: await everyMethod() }] }),
    "a key that may call nothing": async () => await world.key({ roles: [{}] }),
    "a publishable key": async () =>
      await world.key({
        publishable: true,
        roles: [{ permissions: ["node::get"], canRead: true }],
      }),
    "the public": async () => null,
  };

  /** Those who get as far as to have their ids looked up, whatever is asked. */
  const isAble = new Set(Object.keys(askers).slice(0, 2));

  test.each(Object.keys(askers))("for %s", async (asker) => {
    const key = (await askers[asker]?.()) ?? null;
    const { dataset, row, key: keyId } = foreign;
    const ids = isAble.has(asker) ? Object.values(foreign) : [dataset, row, keyId];
    expect(await answersApart(ids, key)).toStrictEqual([]);
  });

  test("and so is every other spelling of an id of one's own, and what is no id", async () => {
    const ids = [...respelt(own.dataset), unused(own.row), unused(own.role), ...MALFORMED];
    expect(await answersApart(ids, world.admin)).toStrictEqual([]);
  });
});

/** Where an id is answered otherwise than one that leads nowhere. */
async function answersApart(ids: readonly string[], key: string | null): Promise<string[]> {
  const apart: string[] = [];
  for (const [place, document] of Object.entries(PLACES)) {
    const expected = await answerTo(document(unused(own.dataset)), key);
    const texts = await Promise.all(ids.map((id) => answerTo(document(id), key)));
    const others = texts.map((text, at) => [text, ids[at]?.slice(0, 50)] as const);
    apart.push(
      ...others.flatMap(([text, id]) => (text === expected ? [] : [`${place} ${id}: ${text}`])),
    );
  }
  return apart;
}

async function everyMethod(): Promise<string[]> {
  const { permissions } = await world.ask<{ permissions: { name: string }[] }>(
    "{ permissions { name } }",
  );
  return permissions.map(({ name }) => name);
}

async function answerTo([query, variables]: Asked, key: string | null): Promise<string> {
  const headers = key === null ? { "x-fieldgate-tenant": world.slug } : {};
  const answer: Answer = await world.run(query, { key, variables, headers });
  return `${answer.status} ${answer.text}`;
}

test("a key of another tenant is asked about like one that never was", async () => {
  const query = `query ($key: String!) {
    checkAccess(permission: "viewer::get", key: $key) { hasAccess } }`;
  const about = (key: string) => answerTo([query, { key }], world.admin);
  const never = await about("fgk_never");
  for (const key of [foreignKey, foreignKey.slice(0, -1), "", "__proto__", `${foreignKey} `]) {
    expect(await about(key)).toBe(never);
  }
  expect(never).toBe('200 {"data":{"checkAccess":{"hasAccess":false}}}');
});
