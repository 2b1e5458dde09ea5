import { describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { eventsDuring, inShort } from "./log.ts";

const world = await aWorld();
const columns = [{ name: "a", type: "TEXT" }];
const audited = await world.dataset({ columns, rows: [{ a: "x" }, { a: "y" }] });
const plain = await world.dataset({ columns, rows: [{ a: "x" }] });
const setAudit = (auditReads: boolean) =>
  world.ask(
    `mutation ($id: ID!, $on: Boolean) { updateDataset(input: { id: $id, auditReads: $on }) { dataset { auditReads } } }`,
    { variables: { id: audited.id, on: auditReads } },
  );
await setAudit(true);

const read = {
  name: "row::get",
  outcome: "ALLOWED",
  target: audited.id,
  reason: null,
};

const WAYS = {
  "a page of rows": `query ($id: ID!) { dataset(id: $id) { rows { nodes { id values } } } }`,
  "a count": `query ($id: ID!) { dataset(id: $id) { rowCount } }`,
  "a total": `query ($id: ID!) { dataset(id: $id) { rows { totalCount } } }`,
  "groups of rows": `query ($id: ID!) { dataset(id: $id) { aggregate { nodes { count } } } }`,
  "a count of groups": `query ($id: ID!) { dataset(id: $id) { aggregate(groupBy: "a") { totalCount } } }`,
  "one row": `query ($id: ID!, $row: ID!) { dataset(id: $id) { row(id: $row) { id } } }`,
  "a row by node": `query ($row: ID!) { node(id: $row) { ... on Row { values } } }`,
  "rows by nodes": `query ($row: ID!) { nodes(ids: [$row, $row]) { id } }`,
};

describe("Where the reads of a dataset are logged", () => {
  it.each(Object.entries(WAYS))("%s is one event of the request", async (_way, document) => {
    const variables = { id: audited.id, row: audited.rows[0] };
    const written = await eventsDuring(world, () => world.ask(document, { variables }));

    expect(written.map(inShort)).toEqual([read]);
  });

  it.each(Object.entries(WAYS))("%s of another dataset is none", async (_way, document) => {
    const variables = { id: plain.id, row: plain.rows[0] };

    expect(await eventsDuring(world, () => world.ask(document, { variables }))).toEqual([]);
  });

  it("the options that another dataset takes from it are read from it", async () => {
    const taking = await world.dataset({
      columns: [{ name: "b", type: "SELECT", optionsFrom: audited.columns["a"] }],
    });
    const document = `query ($id: ID!) { dataset(id: $id) { columns { options } } }`;
    const written = await eventsDuring(world, () =>
      world.ask(document, { variables: { id: taking.id } }),
    );

    expect(written.map(inShort)).toEqual([read]);
  });

  it("the rows that another dataset's lead to are read from it, also when they are counted alone", async () => {
    const leading = await world.dataset({ columns, rows: [{ a: "x" }] });
    const link = await world.link({ datasetId: leading.id, targetId: audited.id });
    const variables = { id: leading.id, link: link.name };
    const ways = ["nodes { id }", "totalCount"].map(
      (what) => `query ($id: ID!, $link: String!) { dataset(id: $id) {
        rows { nodes { linked(link: $link) { ${what} } } } } }`,
    );
    for (const document of ways) {
      const written = await eventsDuring(world, () => world.ask(document, { variables }));
      expect(written.map(inShort)).toEqual([read]);
    }
  });

  it("what a write answers of its rows is read, too", async () => {
    const written = await eventsDuring(world, () =>
      world.ask(
        `mutation ($id: ID!, $row: ID!) {
           updateRows(input: { datasetId: $id, rows: [{ id: $row, values: { a: "z" } }] }) { rows { values } } }`,
        { variables: { id: audited.id, row: audited.rows[1] } },
      ),
    );

    expect(written.map(inShort)).toEqual([{ ...read, name: "row::update" }, read]);
  });

  it("a look at the definition is none, and neither is a read that was refused", async () => {
    const { id } = audited;
    const key = await world.key({ roles: [{ permissions: ["dataset::get"], canRead: true }] });
    const written = await eventsDuring(world, async () => {
      await world.ask(`query ($id: ID!) { dataset(id: $id) { name columns { name } } }`, {
        variables: { id },
      });
      await world.run(WAYS["a count"], { key, variables: { id } });
    });

    expect(written.map(({ name, outcome }) => [name, outcome])).toEqual([["row::get", "DENIED"]]);
  });
});

it("Whether reads are logged is shown to whoever may change it, and to nobody else", async () => {
  const key = await world.key({ roles: [{ permissions: ["dataset::get"], canRead: true }] });
  const document = `query ($id: ID!) { dataset(id: $id) { auditReads } }`;
  const ask = (asking: object) => world.ask(document, { variables: { id: audited.id }, ...asking });

  expect(await ask({})).toEqual({ dataset: { auditReads: true } });
  expect(await ask({ key })).toEqual({ dataset: { auditReads: null } });
});

it("A dataset can be made so, and reads are logged no more once that is turned off", async () => {
  const made = await world.ask<{ createDataset: { dataset: { auditReads: boolean } } }>(
    `mutation { createDataset(input: { name: "made_so", auditReads: true, columns: [] }) { dataset { auditReads } } }`,
  );
  expect(made.createDataset.dataset.auditReads).toBe(true);

  const turned = await eventsDuring(world, () => setAudit(false));
  const variables = { id: audited.id };
  const after = await eventsDuring(world, () => world.ask(WAYS["a count"], { variables }));

  expect(turned.map(({ name }) => name)).toEqual(["dataset::update"]);
  expect(after).toEqual([]);
});
