import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { DEMO_QUERIES } from "../../../src/cli/demo/demo-queries.ts";
import { demoTabs } from "../../../src/cli/demo/demo-tabs.ts";
import { type Config, parseConfig } from "../../../src/config.ts";
import type { Database } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { aPlace, type Place } from "./place.ts";

let place: Place;
let database: Database;
let config: Config;

beforeAll(async () => {
  place = await aPlace(inject("database"));
  database = await place.reach();
  await migrate(database);
  config = parseConfig({ FIELDGATE_DEMO: "1" });
});

afterAll(async () => {
  await database.close();
  await place.drop();
});

test("GraphiQL is given the demo's queries where there is the demo, and by those alone who want it", async () => {
  expect(await demoTabs({ config, database })).toEqual({});
  await createTenant(database, { slug: "demo", label: "Demo" });
  const { graphiqlTabs } = await demoTabs({ config, database });
  expect(graphiqlTabs).toHaveLength(DEMO_QUERIES.length);
  expect(await demoTabs({ config: { ...config, demo: false }, database })).toEqual({});
});
