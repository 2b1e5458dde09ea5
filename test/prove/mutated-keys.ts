import process from "node:process";
import { parseArgs } from "node:util";
import fc from "fast-check";
import type { Database } from "../../src/db/database.ts";
import { begin } from "../../src/db/transaction.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { CredentialError, presentedCredential } from "../../src/identity/credential.ts";
import { identify, reachOf } from "../../src/identity/identify.ts";
import { NOT_POSSESSED } from "../../src/identity/token/presented-possession.ts";
import { newKeyText, parseKeyText } from "../../src/identity/secret/key-text.ts";
import type { Place } from "../app/cli/place.ts";
import { uuidOf } from "../db/as-role.ts";
import { everyPlace, withDatabase } from "./on-databases.ts";

/**
 * Presents keys that are almost one that is accepted, on every database that there is, and looks whether any of them
 * is: `npm run prove:keys -- --keys 100000`. Every third has a right checksum. The same seed presents the same edits.
 */
const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});

/** How many are drawn at once; after each lot the key itself has to be accepted. */
const LOT = 1_000;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz _".split("");

const edit = fc.record({
  at: fc.nat(95),
  drop: fc.nat(3),
  put: fc.string({ unit: fc.constantFrom(...DIGITS), maxLength: 4 }),
});
/** A bit of one of the ids in a key, or no bit: then the secret alone is another. */
const bit = fc.record({ of: fc.constantFrom("tenantId", "keyId", null), place: fc.nat(127) });
const mutation = fc.oneof(
  { weight: 2, arbitrary: fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ bit }) },
);
type Mutation = typeof mutation extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function mutated(text: string, drawn: Mutation): string {
  if ("edits" in drawn) {
    return drawn.edits.reduce(
      (past, { at, drop, put }) => past.slice(0, at) + put + past.slice(at + drop),
      text,
    );
  }
  const key = parseKeyText(text);
  if (!key) throw new Error("The key is none.");
  const { of, place } = drawn.bit;
  const ids = { tenantId: key.tenantId, keyId: key.keyId };
  if (of) ids[of] = flipped(ids[of], place);
  return newKeyText(ids.tenantId, ids.keyId).text;
}

function flipped(uuid: string, place: number): string {
  const digits = (BigInt(`0x${uuid.replaceAll("-", "")}`) ^ (1n << BigInt(place))).toString(16);
  return uuidOf(digits.padStart(32, "0"));
}

/** @returns Why the key is refused; null: it is accepted. */
async function refusal(database: Database, key: string): Promise<string | null> {
  try {
    const credential = presentedCredential(new Headers({ "x-api-key": key }));
    if (credential.kind === "jwt") throw new Error("A key is no JWT.");
    const presented = { credential, narrowedTo: null, possession: NOT_POSSESSED };
    const transaction = await begin(database, { ...reachOf(presented), mode: "snapshot" });
    try {
      await identify(transaction, presented, new Date());
      return null;
    } finally {
      await transaction.rollback();
    }
  } catch (error) {
    if (error instanceof CredentialError) return error.refusal?.reason ?? error.message;
    throw error;
  }
}

async function prove(database: Database): Promise<ReadonlyMap<string, number>> {
  const { key } = await createTenant(database, { slug: "mutated" });
  const tally = new Map<string, number>();
  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);
  for (let lot = 0; lot * LOT < Number(values.keys); lot += 1) {
    const drawn = fc.sample(mutation, { numRuns: LOT, seed: Number(values.seed) + lot });
    for (const wrong of drawn
      .map((each) => mutated(key, each))
      .filter((text) => text.trim() !== key)) {
      count((await refusal(database, wrong)) ?? "ACCEPTED");
    }
    const control = await refusal(database, key);
    if (control !== null) throw new Error(`The key itself is refused: ${control}`);
  }
  return tally;
}

async function proveOn(place: Place): Promise<boolean> {
  const tally = await withDatabase(place, prove);
  const total = [...tally.values()].reduce((sum, each) => sum + each, 0);
  const parts = [...tally].map(([what, times]) => `${what} ${times}`).join(", ");
  process.stdout.write(`${place.kind}, seed ${values.seed}: ${total} keys: ${parts}\n`);
  return !tally.has("ACCEPTED");
}

const proved: boolean[] = [];
for (const place of await everyPlace()) proved.push(await proveOn(place));
process.exitCode = proved.every(Boolean) ? 0 : 1;
