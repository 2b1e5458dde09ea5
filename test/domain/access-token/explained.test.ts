import { expect, test } from "vitest";
import type { Asking } from "../../support/world.ts";
import { type Explanation, OF_ONESELF } from "../access/explaining.ts";
import { aShop, DATA } from "./shop.ts";

test("a token is told what its roles give, and besides them what its conditions are", async () => {
  const shop = await aShop();
  const { world, sales, staff, inEU, METHODS } = shop;
  const roleId = await world.role({
    name: "clerk",
    permissions: [...METHODS, "viewer::get", "role::get"],
    ...DATA,
    canDelete: false,
  });
  const key = await world.key({ roles: [roleId] });
  const { asking } = await world.token({ key, conditions: [inEU] });
  const explained = async (by: Asking, object: object, action: string) => {
    const { data, errors } = await world.run<{ viewer: { explainAccess: Explanation } }>(
      OF_ONESELF,
      { ...by, variables: { object, action } },
    );
    expect(errors).toEqual([]);
    return data?.viewer.explainAccess ?? null;
  };
  const CONDITIONS = "The token reaches only the rows that meet its conditions.";
  const condition = { gate: "RESTRICTION", name: "sales", passed: true, text: CONDITIONS };
  const rowFilter = { column: "region", eq: "EU" };
  expect(await explained(asking, { datasetId: sales.id }, "READ")).toMatchObject({
    allowed: true,
    why: `Allowed. The role clerk gives READ on sales: it gives READ by default, and no grant of it says otherwise. ${CONDITIONS}`,
    steps: [{ ...condition, rowFilter }, { gate: "PERMISSION" }, { gate: "DATA", rowFilter: null }],
  });
  const ofKey = await explained({ key }, { datasetId: sales.id }, "READ");
  expect(JSON.stringify(ofKey)).not.toContain("conditions");
  expect(await explained(asking, { datasetId: sales.id }, "DELETE")).toMatchObject({
    allowed: false,
    missing: { gate: "DATA", name: "DELETE sales" },
    steps: [condition, { gate: "PERMISSION" }, { gate: "DATA", passed: false }, { gate: "DATA" }],
  });
  expect(await explained(asking, { datasetId: sales.id }, "CREATE")).toMatchObject({
    allowed: true,
    why: expect.stringContaining("asked of the complete new row") as string,
  });
  const [inSight, outOfSight] = sales.rows;
  expect(await explained(asking, { rowId: inSight }, "UPDATE")).toMatchObject({
    allowed: true,
    why: expect.stringContaining("again of the row as it becomes") as string,
  });
  expect(await explained(asking, { rowId: outOfSight }, "UPDATE")).toBeNull();
  expect(await explained({ key }, { rowId: outOfSight }, "UPDATE")).toMatchObject({
    allowed: true,
  });
  expect(await explained(asking, { datasetId: staff.id }, "READ")).toBeNull();
  expect(await explained({ key }, { datasetId: staff.id }, "READ")).toMatchObject({
    allowed: true,
  });
});
