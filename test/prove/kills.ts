import { spawnSync } from "node:child_process";
import process from "node:process";
import { parseArgs } from "node:util";
import { embeddedPlace, type Place, postgresPlace } from "../app/cli/place.ts";
import { importsOf, sourceOf } from "../app/kills/import-victims.ts";
import { aScene, type Victim } from "../app/kills/scene.ts";
import { BULK_WRITES, bulkWrites } from "../app/kills/write-victims.ts";
import { postgresServer } from "../support/postgres-server.ts";

/**
 * Kills processes of the program with SIGKILL at random moments of imports and bulk writes, on every
 * database that there is, and looks after each at what is left: `npm run prove:kills -- --kills 50`. At last it
 * has the test of the embedded database kill as often amid transactions.
 */
const { values } = parseArgs({ options: { kills: { type: "string", default: "50" } } });
const kills = Number(values.kills);

interface Tally {
  kills: number;
  amid: number;
  there: number;
  failures: number;
}

/** Kills one victim again and again, and says how that went. */
async function prove(kind: string, victim: Victim): Promise<Tally> {
  const begun = performance.now();
  const tally: Tally = { kills: 0, amid: 0, there: 0, failures: 0 };
  for (let time = 1; time <= kills; time += 1) {
    await counted(tally, `${kind}, ${victim.name}, kill ${time}`, async () => {
      tally.kills += 1;
      const { wasAmid, isThere } = await victim.once();
      if (wasAmid) tally.amid += 1;
      if (isThere) tally.there += 1;
    });
  }
  await counted(tally, `${kind}, ${victim.name}, at the end`, victim.end);
  say(`${kind}, ${victim.name}: ${words(tally)}, ${secondsSince(begun)} s`);
  return tally;
}

async function counted(tally: Tally, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    tally.failures += 1;
    process.stderr.write(`${what}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}

async function proveOn(place: Place): Promise<Tally[]> {
  try {
    const scene = await aScene(place);
    const imports = importsOf(scene, sourceOf("flights-20k.json"));
    const writes = BULK_WRITES.map((write) => () => bulkWrites(scene, [write]));
    const tallies: Tally[] = [];
    for (const begin of [...imports, ...writes]) {
      tallies.push(await prove(place.kind, await begin()));
    }
    return tallies;
  } finally {
    await place.drop();
  }
}

function sum(tallies: readonly Tally[]): Tally {
  const add = (name: keyof Tally) => tallies.reduce((total, tally) => total + tally[name], 0);
  return { kills: add("kills"), amid: add("amid"), there: add("there"), failures: add("failures") };
}

function words({ kills: all, amid, there, failures }: Tally): string {
  const gone = all - there - failures;
  return `${all} kills, ${amid} of them amid a write; left as before ${gone}, as after ${there}, failures ${failures}`;
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 1_000);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const begun = performance.now();
const server = await postgresServer();
const places = [embeddedPlace(), ...(server ? [await postgresPlace(server.url)] : [])];
const total = sum((await Promise.all(places.map(proveOn))).flat());
const databases = places.map(({ kind }) => kind).join(" and ");
say(`All on ${databases}: ${words(total)}, ${secondsSince(begun)} s`);

const RUN = ["run", "--config", "test/vitest.config.ts", "test/db/embedded/open-folder.test.ts"];
const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", ...RUN], {
  env: { ...process.env, FIELDGATE_TEST_KILLS: values.kills },
  stdio: "inherit",
});
process.exitCode = total.failures > 0 || status !== 0 ? 1 : 0;
