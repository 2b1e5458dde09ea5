import { describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { eventsDuring, inShort } from "./log.ts";

const world = await aWorld();
const { id: filmsId } = await world.dataset({
  name: "films",
  columns: [
    { name: "title", type: "TEXT" },
    { name: "gross", type: "INTEGER" },
  ],
  rows: [{ title: "One", gross: 1 }],
});

const denied = (name: string, reason: string) => ({
  name,
  outcome: "DENIED",
  target: null,
  reason,
});

describe("What is denied in a query", () => {
  it("is one event for each method, wherever in the document and however often it is asked for", async () => {
    const key = await world.key({
      roles: [{ permissions: ["viewer::get", "dataset::get"], canCreate: true }],
    });
    const written = await eventsDuring(world, () =>
      world.run(
        `{ a: roles { totalCount } b: roles { totalCount } keys { totalCount }
           viewer { name tenant { slug } } dataset(name: "films") { rows { totalCount } } }`,
        { key },
      ),
    );

    expect(written.map(inShort)).toEqual([
      denied("role::find", "PERMISSION role::find"),
      denied("key::find", "PERMISSION key::find"),
      denied("tenant::get", "PERMISSION tenant::get"),
      denied("row::get", "PERMISSION row::get"),
    ]);
  });

  it("is named by its method where a data right is lacking, whatever alias or fragment it is under", async () => {
    const key = await world.key({
      roles: [{ permissions: ["dataset::get", "row::get"], canCreate: true }],
    });
    const written = await eventsDuring(world, () =>
      world.run(
        `query { film: dataset(name: "films") { ...Rows } }
         fragment Rows on Dataset { all: rows { totalCount } count: rowCount }`,
        { key },
      ),
    );

    expect(written.map(inShort)).toEqual([denied("row::get", "DATA READ films")]);
  });

  it("is one event in the answer of a mutation, beside that of the mutation", async () => {
    const key = await world.key({ roles: [{ permissions: ["event::write"] }] });
    const written = await eventsDuring(world, () =>
      world.run(`mutation { writeEvent(input: { name: "custom::x" }) { event { id } } }`, { key }),
    );

    expect(written.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["custom::x", "ALLOWED"],
      ["event::write", "ALLOWED"],
      ["event::find", "DENIED"],
    ]);
  });

  it("is one event when the caller has narrowed itself to less", async () => {
    const written = await eventsDuring(world, () =>
      world.run("{ roles { totalCount } }", { headers: { "x-fieldgate-roles": "nobody_has_it" } }),
    );

    expect(written.map(inShort)).toEqual([denied("role::find", "PERMISSION role::find")]);
  });
});

it("What is left out, null or not found is no event, and neither is what is allowed", async () => {
  const key = await world.key({
    roles: [{ permissions: ["dataset::get", "dataset::find", "row::get", "node::get"] }],
  });
  const written = await eventsDuring(world, async () => {
    const { data, errors } = await world.run(
      `query ($id: ID!) { dataset(id: $id) { id } datasets { totalCount } node(id: $id) { id } }`,
      { key, variables: { id: filmsId } },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ dataset: null, datasets: { totalCount: 0 }, node: null });
    await world.run(
      `{ dataset(name: "films") { rows(filter: { column: "none", eq: 1 }) { totalCount } } }`,
    );
    await world.ask("{ roles { nodes { grants { id } } } keys { totalCount } }");
  });

  expect(written).toEqual([]);
});

describe("Whoever presents no credential, or one that is to be read in a web page", () => {
  it("is logged once a minute for each method, with a count", async () => {
    const headers = { "x-fieldgate-tenant": world.slug };
    const key = await world.key({ roles: [{}], publishable: true });
    const ask = async () => {
      await world.run("{ roles { totalCount } }", { key: null, headers, ip: "192.0.2.1" });
      await world.run("{ roles { totalCount } }", { key });
    };
    const first = await eventsDuring(world, ask);
    const soon = await eventsDuring(world, async () => {
      for (let time = 0; time < 5; time += 1) await ask();
    });
    const later = await eventsDuring(world, async () => world.wait(61));
    const never = await eventsDuring(world, async () => world.wait(61));

    expect(first.map(inShort)).toEqual([
      denied("role::find", "PERMISSION role::find"),
      denied("role::find", "PERMISSION role::find"),
    ]);
    expect(first.map(({ principalKind, ip, count }) => [principalKind, ip, count])).toEqual(
      expect.arrayContaining([
        ["ANONYMOUS", "192.0.2.1", 1],
        ["KEY", null, 1],
      ]),
    );
    expect(soon).toEqual([]);
    expect(later.map(({ count }) => count)).toEqual([5, 5]);
    expect(never).toEqual([]);
  });

  it("does not fill the log from however many addresses", async () => {
    const flooded = await aWorld();
    const headers = { "x-fieldgate-tenant": flooded.slug };
    const written = await eventsDuring(flooded, async () => {
      for (let address = 0; address < 60; address += 1) {
        const ip = `192.0.2.${address}`;
        await flooded.run("{ roles { totalCount } }", { key: null, headers, ip });
      }
      await flooded.settle();
      flooded.wait(61);
    });
    const others = written.filter(({ name }) => name === "system::others");

    expect(written.length - others.length).toBe(20);
    expect(others.length).toBeLessThan(3);
    expect(others[0]).toMatchObject({ outcome: "DENIED", ip: null, target: null });
    expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(60);
  });

  it("is nobody's event where the tenant does not exist", async () => {
    const written = await eventsDuring(world, async () => {
      const { errors } = await world.run("{ roles { totalCount } }", {
        key: null,
        headers: { "x-fieldgate-tenant": "there_is_none" },
      });
      expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    });

    expect(written).toEqual([]);
  });
});

describe("What is denied of a write whose other rows are done", () => {
  it("is one event beside that of the write", async () => {
    const rowFilter = { create: { column: "title", startsWith: "A" } };
    const key = await world.key({
      roles: [
        {
          permissions: ["row::create"],
          canRead: true,
          grants: [{ datasetId: filmsId, create: "ALLOW", rowFilter }],
        },
      ],
    });
    const create = `mutation ($id: ID!, $rows: [JSON!]!) {
      createRows(input: {datasetId: $id, rows: $rows, onFault: SKIP_ROW}) { count } }`;
    const done = { name: "row::create", outcome: "ALLOWED", target: filmsId, reason: null };
    const writing = async (...titles: string[]) =>
      (
        await eventsDuring(world, () =>
          world.ask(create, {
            key,
            variables: { id: filmsId, rows: titles.map((title) => ({ title })) },
          }),
        )
      ).map(inShort);
    expect(await writing("A", "B", "C")).toEqual([
      done,
      { ...done, outcome: "DENIED", reason: "DATA CREATE films" },
    ]);
    expect(await writing("A", "AB")).toEqual([done]);
  });
});
