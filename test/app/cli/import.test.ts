import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { requireTenant } from "../../../src/cli/tenant.ts";
import type { Database } from "../../../src/db/database.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { importDataset } from "../../../src/domain/import/import-dataset.ts";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { ConflictError } from "../../../src/graphql/errors.ts";
import { aScene, hold, type Scene } from "../kills/scene.ts";
import { onDatabase, pendingImports, requireNothingAstray } from "../kills/storage.ts";
import { aPlace } from "./place.ts";
import { aServer, fieldgate } from "./program.ts";

const entry = createRequire(import.meta.url).resolve("vega-datasets");
const movies = join(dirname(entry), "..", "data", "movies.json");
const airports = join(dirname(entry), "..", "data", "airports.csv");

const BAD_LINES = /^line 3: [^\n]+\n(writing \d+ %\n)*line 5: [^\n]+\n$/m;

/** What a command says on standard error while it works, where it takes long enough. */
const PROGRESS = expect.stringMatching(/^((reading|writing) \d+ %\n)*$/) as string;

let scene: Scene;
beforeAll(async () => {
  scene = await aScene(await aPlace(inject("database")));
});
afterAll(() => scene.place.drop());

function importing(file: string, dataset: string, ...more: string[]) {
  return fieldgate(scene.place, ["import", file, "--dataset", dataset, ...more]).ended;
}

/** The same, without a process of its own. */
async function importInto(database: Database, path: string, name: string): Promise<void> {
  const stamp = { by: "operator", at: new Date() };
  await importDataset(database, { tenantId: scene.tenantId, path, name, stamp });
}

function write(name: string, content: string): string {
  const path = join(scene.place.folder, name);
  writeFileSync(path, content);
  return path;
}

describe("a file becomes a dataset", () => {
  test("while no server runs and while one does", async () => {
    const alone = await importing(airports, "airports", "--key", "iata");
    expect(alone).toMatchObject({ code: 0, stderr: PROGRESS });
    expect(alone.stdout).toMatch(
      /^iata +TEXT +iata +\(key\)\n[^]+\n3,376 rows in .+ dataset airports of whole\.\n$/,
    );

    const server = await aServer(scene.place);
    const served = await importing(movies, "movies");
    expect(served).toMatchObject({ code: 0, stderr: PROGRESS });
    expect(served.stdout).toMatch(/\nus_gross +INTEGER +US Gross\n/);
    const { movies: films, airports: places } = await server.ask<{ [name: string]: unknown }>(
      scene.key,
      `{ movies: dataset(name: "movies") { rowCount columns { name } }
         airports: dataset(name: "airports") {
           rowCount
           rows(first: 1, filter: { column: "iata", eq: "00M" }) { nodes { values } }
         } }`,
    );
    expect(films).toMatchObject({ rowCount: 3_201 });
    expect(places).toMatchObject({
      rowCount: 3_376,
      rows: { nodes: [{ values: { name: "Thigpen", latitude: "31.95376472" } }] },
    });
    expect(await server.stop()).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("what cannot become a dataset leaves nothing", () => {
  test("every bad line is named, and left out where that is asked for", async () => {
    const path = write("bad.csv", "a,b\n1,2\n3\n4,5\n6,7,8\n");
    const refused = await importing(path, "bad");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(BAD_LINES);
    const tried = await importing(path, "bad", "--skip-bad", "--dry-run", "--types", "b:decimal");
    expect(tried.code).toBe(0);
    expect(tried.stderr).toMatch(BAD_LINES);
    expect(tried.stdout).toMatch(
      /^a  INTEGER   a\nb  DECIMAL   b\n2 bad lines left out. 2 rows in .+ Nothing was kept\.\n$/,
    );
  });

  test("of thousands of bad lines the first are listed and the others counted", async () => {
    const path = write("worse.csv", `a,b\n${"1\n".repeat(5_000)}`);
    const refused = onDatabase(scene.place, (database) => importInto(database, path, "worse"));
    await expect(refused).rejects.toThrow(/^(line \d+: .+\n){20}… and 4980 more$/);
  });

  test("a row that is larger than rows may be", async () => {
    const cell = "x".repeat(60_000);
    const path = write("large.csv", `a,b,c,d,e\n1,2,3,4,5\n${Array(5).fill(cell).join()}\n`);
    const refused = onDatabase(scene.place, (database) => importInto(database, path, "large"));
    await expect(refused).rejects.toThrow(/^line 3: a row holds at most 262144 bytes$/);
  });

  test("a name that is taken is known before the file is read", async () => {
    write("first.csv", "a\n1\n");
    expect(await importing("first.csv", "taken")).toMatchObject({ code: 0, stderr: PROGRESS });
    const path = write("second.csv", "a,b\nbad\n");
    expect(await importing(path, "taken")).toEqual({
      code: 1,
      signal: null,
      stdout: "",
      stderr:
        "The name taken is already taken. Choose another, or delete that dataset first, with the mutation deleteDataset.\n",
    });
  });

  test("of two imports that take the same name at once, one is told so", async () => {
    const results = await onDatabase(scene.place, (database) =>
      Promise.allSettled([airports, airports].map((path) => importInto(database, path, "both"))),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected");
    expect(refused?.reason).toBeInstanceOf(ConflictError);
  });

  afterAll(async () => {
    hold((await pendingImports(scene.place)) === 0, "nothing of a failed import is left");
    await requireNothingAstray(scene.place);
  });
});

test("which tenant is meant has to be clear", async () => {
  const place = await aPlace(inject("database"));
  await onDatabase(place, async (database) => {
    await migrate(database);
    await expect(requireTenant(database)).rejects.toThrow(
      "There is no tenant yet. Make one with: npx fieldgate tenant create <slug>",
    );
    await createTenant(database, { slug: "one" });
    await expect(requireTenant(database)).resolves.toMatchObject({ slug: "one" });
    await createTenant(database, { slug: "two" });
    await expect(requireTenant(database)).rejects.toThrow(
      "There are several tenants. Name one with --tenant: one, two.",
    );
    await expect(requireTenant(database, "three")).rejects.toThrow(
      "There is no tenant three. Name one with --tenant: one, two.",
    );
  });
  const run = (...args: string[]) => fieldgate(place, args).ended;
  const several = await run("import", airports, "--dataset", "airports");
  expect(several).toMatchObject({ code: 1, stdout: "" });
  const right = await run("import", airports, "--dataset", "airports", "--tenant", "two");
  expect(right).toMatchObject({ code: 0, stderr: PROGRESS });
  await place.drop();
});
