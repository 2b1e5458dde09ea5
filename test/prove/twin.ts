import { parseArgs } from "node:util";
import type { Place } from "../app/cli/place.ts";
import { compare } from "../app/security/twins/compare.ts";
import { aPair, type Who } from "../app/security/twins/twins.ts";
import type { Database } from "../../src/db/database.ts";
import { everyPlace, withDatabase } from "./on-databases.ts";

/**
 * Asks pairs of tenants that are alike in what one caller reads, and different in everything else, documents
 * drawn by seeds, and looks whether both answer alike: `npm run prove:twin -- --documents 100000`. The same
 * seed asks the same: `--seed 7` begins with that one.
 */
const { values } = parseArgs({
  options: {
    documents: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
  },
});
const wanted = Number(values.documents);
const firstSeed = Number(values.seed);

/** Documents of one pair: afterwards what it holds was changed so often that a new one tells more. */
const OF_A_PAIR = 2_000;

interface Tally {
  documents: number;
  seeds: number;
  disagreements: number;
}

async function prove(database: Database, documents: number): Promise<Tally> {
  const tally: Tally = { documents: 0, seeds: 0, disagreements: 0 };
  while (tally.documents < documents) {
    const seed = firstSeed + tally.seeds;
    const who = askerOf(seed);
    // A clerk would hear of one user more, and all but a token of rows beyond its condition.
    const differing = { isMore: who !== "clerk", isBeyond: who === "token" };
    const twins = await aPair(database, seed, differing);
    const asked = await compare(twins, {
      seed,
      documents: Math.min(OF_A_PAIR, documents - tally.documents),
      askers: [who, who],
    });
    tally.documents += asked.documents;
    tally.seeds += 1;
    tally.disagreements += asked.apart.length;
    for (const apart of asked.apart) process.stderr.write(`Seed ${seed}: ${apart}\n\n`);
  }
  return tally;
}

/** Mostly a key, a user by a session, one by a JWT and a token by turns. */
function askerOf(seed: number): Who {
  if (seed % 10 === 0) return "page";
  if (seed % 10 === 5) return "clerk";
  return BY_TURNS[seed % BY_TURNS.length] ?? "caller";
}

const BY_TURNS: readonly Who[] = ["user", "caller", "token", "jwt"];

async function proveOn(place: Place, documents: number): Promise<Tally> {
  const begun = performance.now();
  const tally = await withDatabase(place, (database) => prove(database, documents));
  say(`${place.kind}: ${words(tally)}, ${secondsSince(begun)} s`);
  return tally;
}

function words({ documents, seeds, disagreements }: Tally): string {
  return `${documents} documents of ${seeds} seeds, disagreements ${disagreements}`;
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 1_000);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const begun = performance.now();
const places = await everyPlace();
const tallies: Tally[] = [];
for (const place of places) tallies.push(await proveOn(place, Math.ceil(wanted / places.length)));
const total = tallies.reduce((sum, each) => ({
  documents: sum.documents + each.documents,
  seeds: sum.seeds + each.seeds,
  disagreements: sum.disagreements + each.disagreements,
}));
const databases = places.map(({ kind }) => kind).join(" and ");
say(`All on ${databases}: ${words(total)}, ${secondsSince(begun)} s`);
process.exitCode = total.disagreements > 0 ? 1 : 0;
