import { expect, test } from "vitest";
import { aWorld } from "../../support/world.ts";

test("a request reads so many rows by links and no more, however deep they lead in a circle", async () => {
  const world = await aWorld();
  const { id, rows } = await world.dataset({
    columns: [{ name: "title", type: "TEXT" }],
    rows: Array.from({ length: 48 }, (_each, place) => ({ title: `${place}` })),
  });
  const { name } = await world.link({ datasetId: id, targetId: id, many: true });
  const all = rows.map((row) => ({ id: row, values: { [name]: rows } }));
  await world.ask(`mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { count } }`, {
    variables: { input: { datasetId: id, rows: all } },
  });
  const linked = (inner: string) => `linked(link: "${name}") { nodes { ${inner} } }`;
  const read = async (inner: string) =>
    await world.run(`query ($id: ID!) { node(id: $id) { ... on Row { ${inner} } } }`, {
      variables: { id: rows[0] },
    });
  expect((await read(linked(linked("id")))).errors).toEqual([]);
  const { errors } = await read(linked(linked(linked("id"))));
  expect(errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
});

test("a page that is asked for counts as what it can hold, however little is asked of it", async () => {
  const world = await aWorld();
  const { id } = await world.dataset({ columns: [{ name: "title", type: "TEXT" }] });
  const pages = Array.from({ length: 60 }, (_each, place) => `a${place}: rows(first: 10000)`);
  const query = `query ($id: ID!) { dataset(id: $id) {
    ${pages.map((page) => `${page} { pageInfo { hasNextPage } }`).join(" ")} } }`;
  const { errors } = await world.run(query, { variables: { id } });
  expect(errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
});
