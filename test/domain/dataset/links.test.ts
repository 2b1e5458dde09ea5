import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type Answer, type World } from "../../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});

const ABOUT = `id name label description many canRead canCreate canUpdate
  dataset { id } target { id }`;
const ADD = `mutation ($input: AddLinkInput!) { addLink(input: $input) {
  link { ${ABOUT} } dataset { id version links { name } } readableBy { name } } }`;
const UPDATE = `mutation ($input: UpdateLinkInput!) { updateLink(input: $input) {
  link { ${ABOUT} } dataset { version } } }`;
const REMOVE = `mutation ($input: RemoveLinkInput!) { removeLink(input: $input) {
  dataset { version links { name } } } }`;
const LINKS = `query ($id: ID!) { dataset(id: $id) { canRead links { ${ABOUT} } } }`;

const send = (query: string, input: object, key?: string): Promise<Answer> =>
  world.run(query, { variables: { input }, ...(key !== undefined && { key }) });

const aDataset = () => world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
const twoDatasets = async () => [await aDataset(), await aDataset()] as const;

const codeOf = ({ errors }: Answer) => errors[0]?.extensions.code ?? null;
const NOWHERE = "0".repeat(32);

describe("adding a link", () => {
  test("puts it last, to one row if nothing else is said, and counts the change", async () => {
    const [one, other] = await twoDatasets();
    await send(ADD, { datasetId: one.id, name: "z", targetId: other.id, many: true });
    const { data } = await send(ADD, { datasetId: one.id, name: "b", targetId: one.id });
    expect(data).toMatchObject({
      addLink: {
        link: {
          name: "b",
          label: "b",
          description: "",
          many: false,
          canRead: true,
          canCreate: true,
          canUpdate: true,
          dataset: { id: one.id },
          target: { id: one.id },
        },
        dataset: { id: one.id, version: 3, links: [{ name: "z" }, { name: "b" }] },
        readableBy: [{ name: "administrator" }],
      },
    });
  });

  test("is refused for a name of a column or a link, and a column for that of a link", async () => {
    const [one, other] = await twoDatasets();
    const { name } = await world.link({ datasetId: one.id, targetId: other.id });
    const faults = await Promise.all(
      ["a", name, "No Name"].map(async (each) => {
        const { errors } = await send(ADD, { datasetId: one.id, name: each, targetId: other.id });
        return errors[0]?.extensions;
      }),
    );
    expect(faults).toMatchObject(
      faults.map(() => ({ code: "BAD_USER_INPUT", errors: [{ field: "name" }] })),
    );
    const column = await world.run(
      `mutation ($id: ID!, $name: String!) {
         addColumn(input: {datasetId: $id, column: {name: $name, type: TEXT}}) { column { id } } }`,
      { variables: { id: one.id, name } },
    );
    const renamed = await world.run(
      `mutation ($id: ID!, $name: String!) {
         updateColumn(input: {id: $id, name: $name}) { column { id } } }`,
      { variables: { id: one.columns["a"], name } },
    );
    expect([codeOf(column), codeOf(renamed)]).toEqual(["BAD_USER_INPUT", "BAD_USER_INPUT"]);
  });

  test("is refused beyond 100", async () => {
    const { id } = await aDataset();
    const links = Array.from({ length: 100 }, (_, place) => `l${place}`);
    await world.ask(
      `mutation { ${links
        .map(
          (name) =>
            `${name}: addLink(input: {datasetId: "${id}", targetId: "${id}", name: "${name}"}) { link { id } }`,
        )
        .join(" ")} }`,
    );
    const { errors } = await send(ADD, { datasetId: id, targetId: id, name: "more" });
    expect(errors[0]?.extensions).toMatchObject({ errors: [{ field: "links" }] });
  });

  test("needs the permission, and that both datasets are known", async () => {
    const [one, other] = await twoDatasets();
    const grants = [{ datasetId: one.id, read: "ALLOW" }] as const;
    const key = await world.key({
      roles: [{ permissions: ["link::add", "dataset::get"], grants }],
    });
    const add = async (datasetId: string, targetId: string, by = key) =>
      await send(ADD, { datasetId, targetId, name: "l" }, by);
    const answers = [
      await add(one.id, other.id),
      await add(one.id, `dataset_${NOWHERE}`),
      await add(one.id, "x"),
      await add(other.id, one.id),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => "NOT_FOUND"));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const reader = await world.key({ roles: [{ permissions: ["column::add"], grants }] });
    expect((await add(one.id, one.id, reader)).errors[0]?.extensions).toMatchObject({
      missing: { gate: "PERMISSION", name: "link::add" },
    });
    expect(codeOf(await add(one.id, one.id))).toBeNull();
  });

  test("withholds it from all roles but those that are to read it", async () => {
    const [one, other] = await twoDatasets();
    const permissions = ["dataset::get", "row::get"];
    const [insider, outsider] = [
      await world.role({ name: "insider", permissions, canRead: true }),
      await world.role({ name: "outsider", permissions, canRead: true }),
    ];
    const { data } = await send(ADD, {
      datasetId: one.id,
      targetId: other.id,
      name: "l",
      readableBy: [insider],
    });
    expect(data).toMatchObject({
      addLink: { readableBy: [{ name: "administrator" }, { name: "insider" }] },
    });
    const seenBy = async (role: string) =>
      await world.ask(LINKS, {
        key: await world.key({ roles: [role] }),
        variables: { id: one.id },
      });
    expect(await seenBy(insider)).toMatchObject({ dataset: { links: [{ name: "l" }] } });
    expect(await seenBy(outsider)).toMatchObject({ dataset: { links: [] } });
  });
});

describe("changing a link", () => {
  test("changes how it is called, and counts the change", async () => {
    const [one, other] = await twoDatasets();
    const { id, name } = await world.link({ datasetId: one.id, targetId: other.id, many: true });
    const { data } = await send(UPDATE, { id, name: "owner", label: "Owner", description: "Who" });
    expect(data).toMatchObject({
      updateLink: {
        link: { id, name: "owner", label: "Owner", description: "Who", many: true },
        dataset: { version: 3 },
      },
    });
    expect(codeOf(await send(UPDATE, { id, name: "owner", label: null }))).toBeNull();
    expect(codeOf(await send(UPDATE, { id, name: "a" }))).toBe("BAD_USER_INPUT");
    expect(codeOf(await send(UPDATE, { id, name }))).toBeNull();
  });

  test("is not possible for whom no role gives anything on it", async () => {
    const [one, other] = await twoDatasets();
    const { id: linkId } = await world.link({ datasetId: one.id, targetId: other.id });
    const grants = [{ datasetId: one.id, read: "ALLOW" }] as const;
    const permissions = ["link::update", "link::remove", "node::get", "dataset::get"];
    const knowing = await world.key({ roles: [{ permissions, grants }] });
    const blind = await world.key({
      roles: [
        { permissions, grants: [...grants, { datasetId: one.id, linkId, read: "WITHHOLD" }] },
      ],
    });
    for (const [query, input] of [
      [UPDATE, { label: "x" }],
      [REMOVE, {}],
    ] as const) {
      const answers = await Promise.all(
        [linkId, `link_${NOWHERE}`, one.id].map((id) => send(query, { id, ...input }, blind)),
      );
      expect(answers.map(codeOf)).toEqual(answers.map(() => "NOT_FOUND"));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    }
    const node = `query ($id: ID!) { node(id: $id) { ... on Link { name } } }`;
    const found = async (key: string) => await world.ask(node, { key, variables: { id: linkId } });
    expect(await found(blind)).toEqual({ node: null });
    expect(await found(knowing)).not.toEqual({ node: null });
    expect(codeOf(await send(UPDATE, { id: linkId, label: "x" }, knowing))).toBeNull();
  });
});

const fill = async (datasetId: string, rows: object[]) => {
  const { createRows } = await world.ask<{ createRows: { rows: { id: string }[] } }>(
    `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
    { variables: { input: { datasetId, rows } } },
  );
  return createRows.rows.map(({ id }) => id);
};

const leftOf = async (linkId: string) => {
  const uuid = linkId.slice("link_".length);
  const count = async (table: string, column: string) => {
    const { rows } = await world.database.pool.query<{ count: string }>(
      `SELECT count(*) FROM ${table} WHERE ${column} = $1`,
      [uuid],
    );
    return Number(rows[0]?.count);
  };
  return {
    links: await count("dataset_link", "id"),
    rows: await count("row_link", "link_id"),
    grants: await count("role_grant", "link_id"),
  };
};

describe("a link goes", () => {
  test("when it is removed, with where rows lead and the grants on it", async () => {
    const [one, other] = await twoDatasets();
    const { id: linkId, name } = await world.link({ datasetId: one.id, targetId: other.id });
    const [target] = await fill(other.id, [{}]);
    await fill(one.id, [{ [name]: target }]);
    await world.role({ grants: [{ datasetId: one.id, linkId, read: "WITHHOLD" }] });
    expect(await leftOf(linkId)).toEqual({ links: 1, rows: 1, grants: 1 });
    const { data } = await send(REMOVE, { id: linkId });
    expect(data).toEqual({ removeLink: { dataset: { version: 3, links: [] } } });
    expect(await leftOf(linkId)).toEqual({ links: 0, rows: 0, grants: 0 });
    expect(codeOf(await send(REMOVE, { id: linkId }))).toBe("NOT_FOUND");
  });

  test("with its dataset, and with the one that it leads to, which counts as a change", async () => {
    const [one, other] = await twoDatasets();
    const links = [
      await world.link({ datasetId: one.id, targetId: other.id }),
      await world.link({ datasetId: other.id, targetId: one.id }),
    ];
    const [target] = await fill(other.id, [{}]);
    await fill(one.id, [{ [links[0]?.name ?? ""]: target }]);
    await world.ask(`mutation ($id: ID!) { deleteDataset(input: {id: $id}) { id } }`, {
      variables: { id: other.id },
    });
    expect(
      await world.ask(`query ($id: ID!) { dataset(id: $id) { version links { id } } }`, {
        variables: { id: one.id },
      }),
    ).toEqual({ dataset: { version: 3, links: [] } });
    for (const { id } of links) {
      expect(await leftOf(id)).toEqual({ links: 0, rows: 0, grants: 0 });
    }
  });
});

describe("a grant on a link", () => {
  const SET = `mutation ($input: SetGrantInput!) { setGrant(input: $input) {
    grant { read update column { id } link { id } dataset { id } } } }`;
  const REMOVE_GRANT = `mutation ($input: RemoveGrantInput!) { removeGrant(input: $input) {
    role { grants { read link { id } } } } }`;

  test("beats the grant on its dataset, which beats the default, and is known by it", async () => {
    const [one, other] = await twoDatasets();
    const { id: linkId } = await world.link({ datasetId: one.id, targetId: other.id });
    const permissions = ["dataset::get"];
    const rights = async (...grants: Parameters<World["role"]>[0]["grants"] & object) => {
      const key = await world.key({ roles: [{ permissions, canRead: true, grants }] });
      const { dataset } = await world.ask<{ dataset: { links: object[] } | null }>(
        `query ($id: ID!) { dataset(id: $id) { links { canRead canCreate canUpdate target { id } } } }`,
        { key, variables: { id: one.id } },
      );
      return dataset?.links ?? null;
    };
    const place = { datasetId: one.id };
    const none = { canRead: false, canCreate: false, canUpdate: false };
    const target = { id: other.id };
    expect(await rights()).toEqual([{ ...none, canRead: true, target }]);
    expect(await rights({ ...place, read: "WITHHOLD" })).toBeNull();
    expect(
      await rights({ ...place, read: "WITHHOLD" }, { ...place, linkId, update: "ALLOW" }),
    ).toEqual([{ ...none, canUpdate: true, target }]);
    expect(await rights({ ...place, linkId, read: "WITHHOLD" })).toEqual([]);
    expect(
      await rights(
        { ...place, linkId, update: "ALLOW" },
        { datasetId: other.id, read: "WITHHOLD" },
      ),
    ).toEqual([{ ...none, canRead: true, canUpdate: true, target: null }]);
  });

  test("is set in place of the one before and removed, and stands beside that on the dataset", async () => {
    const [one, other] = await twoDatasets();
    const { id: linkId } = await world.link({ datasetId: one.id, targetId: other.id });
    const roleId = await world.role({ grants: [{ datasetId: one.id, read: "ALLOW" }] });
    const place = { roleId, datasetId: one.id, linkId };
    await send(SET, { ...place, read: "WITHHOLD" });
    const { data } = await send(SET, { ...place, read: "ALLOW", update: "ALLOW" });
    expect(data).toEqual({
      setGrant: {
        grant: {
          read: "ALLOW",
          update: "ALLOW",
          column: null,
          link: { id: linkId },
          dataset: { id: one.id },
        },
      },
    });
    const removed = await send(REMOVE_GRANT, place);
    expect(removed.data).toEqual({
      removeGrant: { role: { grants: [{ read: "ALLOW", link: null }] } },
    });
    expect(codeOf(await send(REMOVE_GRANT, place))).toBe("NOT_FOUND");
  });

  test("is on no column besides, says nothing of DELETE and filters no rows", async () => {
    const [one, other] = await twoDatasets();
    const { id: linkId } = await world.link({ datasetId: one.id, targetId: other.id });
    const roleId = await world.role({});
    const place = { roleId, datasetId: one.id, linkId };
    const filter = { read: { column: "a", eq: "x" } };
    const answers = await Promise.all([
      send(SET, { ...place, columnId: one.columns["a"], read: "ALLOW" }),
      send(SET, { ...place, delete: "ALLOW" }),
      send(SET, { ...place, read: "ALLOW", rowFilter: filter }),
    ]);
    expect(answers.map(codeOf)).toEqual(answers.map(() => "BAD_USER_INPUT"));
    const astray = await Promise.all([
      send(SET, { ...place, datasetId: other.id, read: "ALLOW" }),
      send(SET, { ...place, linkId: `link_${NOWHERE}`, read: "ALLOW" }),
    ]);
    expect(astray.map(codeOf)).toEqual(["NOT_FOUND", "NOT_FOUND"]);
    expect(astray[0]?.text).toBe(astray[1]?.text);
  });

  test("hands out no more than one holds", async () => {
    const [one, other] = await twoDatasets();
    const { id: linkId, name } = await world.link({ datasetId: one.id, targetId: other.id });
    const datasetId = one.id;
    const roleId = await world.role({});
    const holder = async (...grants: Parameters<World["role"]>[0]["grants"] & object) =>
      await world.key({
        roles: [{ permissions: ["grant::set", "role::find", "dataset::get"], grants }],
      });
    const input = { roleId, datasetId, linkId, read: "ALLOW" };
    const lacking = await holder(
      { datasetId, read: "ALLOW" },
      { datasetId, linkId, read: "WITHHOLD", update: "ALLOW" },
    );
    const { errors } = await send(SET, input, lacking);
    expect(errors[0]?.extensions).toMatchObject({ code: "FORBIDDEN", missing: { gate: "DATA" } });
    expect(JSON.stringify(errors[0]?.extensions["missing"])).toContain(`.${name}`);
    const holding = await holder({ datasetId, linkId, read: "ALLOW" });
    expect(codeOf(await send(SET, input, holding))).toBeNull();
  });
});
