import { describe, expect, test } from "vitest";
import { asOperator } from "../../../src/cli/as-operator.ts";
import { createKey } from "../../../src/cli/key.ts";
import { aWorld } from "../../support/world.ts";

describe("fieldgate key create", async () => {
  const { database, tenantId, ask, run, dataset } = await aWorld();
  const operator = asOperator(database, tenantId);
  await dataset({
    name: "sales",
    columns: ["id", "region", "amount"].map((name) => ({ name, type: "TEXT" })),
    rows: [{ id: "1", region: "North", amount: "10" }],
  });
  const SALES = `{ dataset(name: "sales") { id rows { nodes { id values } } } }`;
  const roles = async () =>
    (await ask<{ roles: { nodes: { name: string }[] } }>(`{ roles { nodes { name } } }`)).roles
      .nodes;

  test("makes a key that reads some columns, changes some, and knows of nothing else", async () => {
    const key = await createKey(operator, "clerk", {
      read: [{ dataset: "sales", columns: ["region", "amount"] }],
      update: [{ dataset: "sales", columns: ["amount"] }],
    });
    interface Sales {
      dataset: { id: string; rows: { nodes: { id: string; values: object }[] } };
    }
    const { dataset: sales } = await ask<Sales>(SALES, { key });
    const [row] = sales.rows.nodes;
    expect(row?.values).toEqual({ region: "North", amount: "10" });
    const update = async (values: object) => {
      const input = { datasetId: sales.id, rows: [{ id: row?.id, values }] };
      const mutation = `mutation ($input: UpdateRowsInput!) {
        updateRows(input: $input) { rows { values } } }`;
      return await run(mutation, { key, variables: { input } });
    };
    expect((await update({ amount: "20" })).errors).toEqual([]);
    expect((await update({ region: "South" })).errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect(await ask(`{ viewer { name roles } }`, { key })).toEqual({
      viewer: { name: "clerk", roles: ["clerk"] },
    });
  });

  test("makes a key that reads a dataset as a whole", async () => {
    const key = await createKey(operator, "reader", { read: [{ dataset: "sales", columns: [] }] });
    expect(await ask(SALES, { key })).toMatchObject({
      dataset: { rows: { nodes: [{ values: { id: "1", region: "North" } }] } },
    });
  });

  test("makes another administrator's key for who lost the last", async () => {
    const key = await createKey(operator, "second", { role: ["administrator"] });
    expect(await ask(`{ roles { nodes { name } } }`, { key })).toMatchObject({ roles: {} });
  });

  test.each([
    ["nothing that it may", {}, "Say what the key may: --read"],
    ["a role that is not there", { role: ["admin"] }, "no role admin. There are: administrator, "],
    ["a dataset that is not there", { read: [{ dataset: "s", columns: [] }] }, "no dataset s "],
    [
      "a column that is not there",
      { read: [{ dataset: "sales", columns: ["x"] }] },
      "no column x. There are: id, region",
    ],
  ])("with %s says what there is, and makes nothing", async (_, options, words) => {
    const before = await roles();
    await expect(createKey(operator, "nobody", options)).rejects.toThrow(words);
    expect(await roles()).toEqual(before);
  });

  test("says how to use a role of the name that there is already", async () => {
    const read = [{ dataset: "sales", columns: [] }];
    await createKey(operator, "twice", { read });
    await expect(createKey(operator, "twice", { read })).rejects.toThrow("with --role twice,");
  });

  test("takes its role back where the key cannot be made", async () => {
    const before = await roles();
    const failing: typeof operator = async (query, variables) => {
      if (query.includes("createKey")) throw new Error("The database went away.");
      return await operator(query, variables);
    };
    const refused = createKey(failing, "luckless", {
      read: [{ dataset: "sales", columns: ["id"] }],
    });
    await expect(refused).rejects.toThrow("The database went away.");
    expect(await roles()).toEqual(before);
  });
});
