import { expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { explained, explainedToItself } from "./explaining.ts";

const SET = `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`;

it("The access of a user is explained as its sessions have it, with its roles and its attributes", async () => {
  const world = await aWorld();
  const attributes = [{ name: "region", type: "TEXT" }];
  await world.ask(SET, { variables: { input: { attributes } } });
  const { id: datasetId, rows } = await world.dataset({
    columns: [{ name: "region", type: "TEXT" }],
    rows: [{ region: "north" }, { region: "south" }],
  });
  const role = await world.role({
    permissions: ["row::get"],
    grants: [
      { datasetId, read: "ALLOW", rowFilter: { read: { column: "region", eq: "$user.region" } } },
    ],
  });
  const user = await world.user({ roles: [role], attributes: { region: "north" } });
  const session = await world.login(user);
  for (const rowId of rows) {
    const question = { object: { rowId }, action: "READ" };
    // oxlint-disable-next-line no-await-in-loop
    const other = await explained(world, { ...question, subject: { userId: user.id } });
    // oxlint-disable-next-line no-await-in-loop
    const itself = await explainedToItself(world, question, { key: session });

    expect(other?.allowed).toBe(rowId === rows[0]);
    // What it does not see does not exist for it.
    expect(itself?.allowed ?? false).toBe(other?.allowed);
  }
  const unassigned = await world.user({ attributes: { region: "north" } });
  const question = { object: { rowId: rows[0] }, action: "READ" };
  expect(
    (await explained(world, { ...question, subject: { userId: unassigned.id } }))?.allowed,
  ).toBe(false);
});
