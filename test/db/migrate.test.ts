import { readdirSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { embeddedPlace, postgresPlace } from "../app/cli/place.ts";
import { onDatabase } from "../app/kills/storage.ts";

const folder = new URL("../../prisma/migrations", import.meta.url);
const migrations = readdirSync(folder).filter((name) => /^\d/.test(name));

/** A database that has seen no migration. */
async function newPlace() {
  const given = inject("database");
  return "postgresUrl" in given ? await postgresPlace(given.postgresUrl) : embeddedPlace();
}

test("each migration is applied once, however many start at the same time", async () => {
  const place = await newPlace();
  await onDatabase(place, async (database) => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database)));
    expect(applied.flat().toSorted()).toEqual(migrations.toSorted());
    expect(await migrate(database)).toEqual([]);
  });
  await place.drop();
});
