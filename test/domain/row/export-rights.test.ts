import { afterAll, describe, expect, it } from "vitest";
import { type Asking, aWorld, type NewRole, type World } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import { EXPORT, exported, promised, refusalOf } from "./exporting.ts";

const world = await aWorld();
const server = await world.listen();
const api = { world, server };
afterAll(() => server.close());

const { id: datasetId, columns } = await world.dataset({
  columns: [
    { name: "region", type: "TEXT" },
    { name: "name", type: "TEXT" },
    { name: "price", type: "INTEGER" },
  ],
  rows: [
    { region: "EU", name: "Ada", price: 1 },
    { region: "US", name: "Bob", price: 2 },
    { region: "EU", name: "Cleo" },
  ],
});

const permissions = ["row::export"];
const allow = (...names: string[]) =>
  names.map((name) => ({ datasetId, columnId: columns[name] ?? "", read: "ALLOW" as const }));

/** Reads names in Europe, and prices everywhere. */
const TWO_ROLES: NewRole[] = [
  {
    permissions,
    grants: [
      { datasetId, rowFilter: { read: { column: "region", eq: "EU" } } },
      ...allow("region", "name"),
    ],
  },
  { grants: allow("price") },
];

async function asked(input: object, asking: Asking) {
  const { errors } = await world.run(EXPORT, {
    ...asking,
    variables: { input: { format: "CSV", ...input } },
  });
  return errors[0];
}

const fetched = async (url: string) => refusalOf(await fetch(`${server.address}${url}`));

describe("An export contains what the caller reads, and nothing else", () => {
  it("a cell that may not be read in a row is empty in CSV, and absent in JSON", async () => {
    const key = await world.key({ roles: TWO_ROLES });

    expect(await exported(api, { datasetId }, { key })).toBe(
      "region,name,price\r\nEU,Ada,1\r\n,,2\r\nEU,Cleo,\r\n",
    );
    expect(await exported(api, { datasetId, format: "JSON_LINES" }, { key })).toBe(
      '{"region":"EU","name":"Ada","price":1}\n{"price":2}\n{"region":"EU","name":"Cleo","price":null}\n',
    );
  });

  it("a filter and an order see no more than the export", async () => {
    const key = await world.key({ roles: TWO_ROLES });
    const filter = { column: "name", eq: "Bob" };
    const orderBy = [{ column: "name", direction: "DESC" }];

    expect(await exported(api, { datasetId, filter, format: "JSON" }, { key })).toBe("[]\n");
    expect(await exported(api, { datasetId, columns: ["price"], orderBy }, { key })).toBe(
      'price\r\n""\r\n1\r\n2\r\n',
    );
  });

  it("rows that are not seen are absent", async () => {
    const [europe = {}] = TWO_ROLES;
    const key = await world.key({ roles: [europe] });

    expect(await exported(api, { datasetId }, { key })).toBe(
      "region,name\r\nEU,Ada\r\nEU,Cleo\r\n",
    );
  });

  it.each([
    { columns: ["price"] },
    { filter: { column: "price", gt: 0 } },
    {
      orderBy: [{ column: "price", direction: "ASC" }],
    },
  ])("a column that may not be read is an error as one that does not exist: %j", async (input) => {
    const key = await world.key({ roles: [{ permissions, grants: allow("name") }] });
    const error = await asked({ datasetId, ...input }, { key });
    const never = JSON.parse(JSON.stringify(input).replaceAll("price", "zzzzz")) as object;
    const unknown = await asked({ datasetId, ...never }, { key });

    expect(error?.extensions.code).toBe("BAD_USER_INPUT");
    expect(error?.message.replaceAll("price", "zzzzz")).toBe(unknown?.message);
  });

  it.each([[["name", "name"]], [[]]])("the columns are some, and each once: %j", async (names) => {
    const error = await asked({ datasetId, columns: names }, {});

    expect(error?.extensions.code).toBe("BAD_USER_INPUT");
  });

  it("needs its permission", async () => {
    const key = await world.key({ roles: [{ permissions: ["row::get"], canRead: true }] });
    const error = await asked({ datasetId }, { key });

    expect(error?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "PERMISSION", name: "row::export" },
    });
  });

  it("of a dataset that is not known is not found, and of one without READ is forbidden", async () => {
    const stranger = await world.key({ roles: [{ permissions }] });
    const writer = await world.key({ roles: [{ permissions, canCreate: true }] });

    expect((await asked({ datasetId }, { key: stranger }))?.extensions.code).toBe("NOT_FOUND");
    expect((await asked({ datasetId }, { key: writer }))?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "DATA" },
    });
  });

  it("a publishable key exports what it reads", async () => {
    const key = await world.key({ roles: [{ permissions, canRead: true }], publishable: true });

    expect(await exported(api, { datasetId, columns: ["name"] }, { key })).toBe(
      "name\r\nAda\r\nBob\r\nCleo\r\n",
    );
  });
});

describe("An export is made by the rights of when it is fetched", () => {
  it("narrowed as the request was that asked for it", async () => {
    const name = "narrow_reader";
    const europe = { datasetId, rowFilter: { read: { column: "region", eq: "EU" } } };
    const grants = [europe, ...allow("name")];
    const narrow = await world.role({ name, permissions, grants });
    const key = await world.key({ roles: [narrow, { canRead: true }] });
    const headers = { "x-fieldgate-roles": name };
    const url = await promised(world, { datasetId }, { key, headers });

    expect(await (await fetch(`${server.address}${url}`)).text()).toBe("name\r\nAda\r\nCleo\r\n");
  });

  it("rows that are not seen any more are not in it", async () => {
    const roleId = await world.role({ permissions, canRead: true });
    const key = await world.key({ roles: [roleId] });
    const url = await promised(world, { datasetId, columns: ["name"] }, { key });
    await world.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { __typename } }`,
      {
        variables: {
          input: { roleId, datasetId, rowFilter: { read: { column: "region", eq: "US" } } },
        },
      },
    );

    expect(await (await fetch(`${server.address}${url}`)).text()).toBe("name\r\nBob\r\n");
  });

  it("a column that may not be read any more fails it, also one that was not named", async () => {
    const roleId = await world.role({ permissions, canRead: true });
    const key = await world.key({ roles: [roleId] });
    const url = await promised(world, { datasetId }, { key });
    await world.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { __typename } }`,
      {
        variables: {
          input: { roleId, datasetId, columnId: columns["price"], read: "WITHHOLD" },
        },
      },
    );

    expect(await fetched(url)).toMatchObject({
      status: 400,
      code: "BAD_USER_INPUT",
      message: expect.stringContaining('No column "price".') as string,
    });
    expect(await fetched(url)).toMatchObject({ status: 404 });
  });

  it("a permission that is gone fails it, and is a denied attempt", async () => {
    const roleId = await world.role({ permissions, canRead: true });
    const key = await world.key({ roles: [roleId] });
    const url = await promised(world, { datasetId }, { key });
    await world.ask(
      `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { __typename } }`,
      { variables: { input: { id: roleId, permissions: [] } } },
    );
    const written = await eventsDuring(world, async () => {
      expect(await fetched(url)).toMatchObject({ status: 403, code: "FORBIDDEN" });
    });

    expect(written.map(inShort)).toEqual([
      {
        name: "row::export",
        outcome: "DENIED",
        target: datasetId,
        reason: "PERMISSION row::export",
      },
    ]);
  });

  it("a dataset that is gone is not found", async () => {
    const { id } = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    const url = await promised(world, { datasetId: id });
    await world.ask(`mutation ($id: ID!) { deleteDataset(input: { id: $id }) { __typename } }`, {
      variables: { id },
    });

    expect(await fetched(url)).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      message: "No such dataset. Check the id and the key that you asked with.",
    });
  });
});

describe("The public", () => {
  it("exports what is OPEN where its role has the permission, and what is closed meanwhile not", async () => {
    const open = await aWorld();
    const listening = await open.listen();
    const made = await open.dataset({
      columns: [{ name: "a", type: "TEXT" }],
      rows: [{ a: "x" }],
    });
    const setLevel = (level: string) =>
      open.ask(
        `mutation ($id: ID!, $level: AccessLevel!) {
           updateDataset(input: { id: $id, accessLevel: $level }) { __typename } }`,
        { variables: { id: made.id, level } },
      );
    const input = { datasetId: made.id };
    const variables = { input: { format: "CSV", ...input } };
    await setLevel("OPEN");
    const forbidden = await open.run(EXPORT, { ...asking(open), variables });
    await letPublicExport(open);
    const [one, other] = [
      await promised(open, input, asking(open)),
      await promised(open, input, asking(open)),
    ];
    const file = await (await fetch(`${listening.address}${one}`)).text();
    await setLevel("PRIVATE");
    const closed = await refusalOf(await fetch(`${listening.address}${other}`));
    const unknown = await open.run(EXPORT, { ...asking(open), variables });
    await listening.close();

    expect(forbidden.errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect(file).toBe("a\r\nx\r\n");
    expect(closed).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect(unknown.errors[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("is counted in the log, and not written by its own transaction", async () => {
    const open = await aWorld();
    const made = await open.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    await open.ask(
      `mutation ($id: ID!) { updateDataset(input: {id: $id, accessLevel: OPEN}) { __typename } }`,
      { variables: { id: made.id } },
    );
    await letPublicExport(open);
    const written = await eventsDuring(open, async () => {
      await promised(open, { datasetId: made.id }, asking(open));
      await promised(open, { datasetId: made.id }, asking(open));
    });

    expect(written).toMatchObject([
      { name: "row::export", outcome: "ALLOWED", target: made.id, count: 2 },
    ]);
  });
});

describe("The log", () => {
  it("has an export as an event of its mutation, and where reads are logged its reading too", async () => {
    const made = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    await world.ask(
      `mutation ($id: ID!) { updateDataset(input: {id: $id, auditReads: true}) { __typename } }`,
      { variables: { id: made.id } },
    );
    const written = await eventsDuring(world, () => exported(api, { datasetId: made.id }));

    expect(written.map(({ name, outcome, target }) => [name, outcome, target])).toEqual([
      ["row::export", "ALLOWED", made.id],
      ["row::get", "ALLOWED", made.id],
    ]);
  });
});

/** Without a credential. */
const asking = (of: World): Asking => ({
  key: null,
  headers: { "x-fieldgate-tenant": of.slug },
});

async function letPublicExport(of: World): Promise<void> {
  const { roles } = await of.ask<{
    roles: { nodes: { id: string; name: string; permissions: string[] }[] };
  }>(`{ roles { nodes { id name permissions } } }`);
  const role = roles.nodes.find(({ name }) => name === "anonymous");
  const input = { id: role?.id, permissions: [...(role?.permissions ?? []), "row::export"] };
  await of.ask(`mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { __typename } }`, {
    variables: { input },
  });
}
