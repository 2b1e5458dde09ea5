import { readdirSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { aPlace, embeddedPlace, postgresPlace } from "../app/cli/place.ts";
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

test("a database that a newer release has migrated is left alone", async () => {
  const place = await aPlace(inject("database"));
  await onDatabase(place, async (database) => {
    await migrate(database);
    await database.pool.query(
      `INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name)
       VALUES ('later', 'later', now(), '29990101000000_later')`,
    );
    await expect(migrate(database)).rejects.toThrow(
      "The database was made by a newer release: it has the migrations 29990101000000_later, which this one does not know. Use that release or a later one, or a database of its own.",
    );
  });
  await place.drop();
});
