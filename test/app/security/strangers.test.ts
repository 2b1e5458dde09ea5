import { afterAll, beforeAll, expect, test } from "vitest";
import { type Carried, placesFor } from "./places.ts";
import { answeredApart, aProbed, type Probed } from "./probed.ts";

let own: Probed;

beforeAll(async () => {
  own = await aProbed();
});
afterAll(() => own.world.database.close());

const MALFORMED = [
  "",
  "dataset_",
  "role_0",
  "__proto__",
  "null",
  "' OR 1=1 --",
  "\u0000",
  "💥",
  "0".repeat(10_000),
];

/** The same id in other spellings, none of which is its text. */
function respelt(id: string): string[] {
  const [prefix = "", digits = ""] = id.split("_");
  const hyphened = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return [`${prefix}_${digits.toUpperCase()}F`, `${id}\n`, hyphened, `${prefix}_${hyphened}`];
}

/** The text of a key, mistyped. */
function mistyped(key: string): string[] {
  return [key.slice(0, -1), `${key} `, ` ${key}`, key.toUpperCase(), key.replace("fgk_", "")];
}

test("another spelling of an id or key of one's own, and what is none, is answered like one that never was", async () => {
  const { ids, world, keyTexts } = own;
  const spelt = {
    ...Object.fromEntries(Object.entries(ids).map(([kind, id]) => [kind, respelt(id)])),
    any: Object.values(ids).flatMap(respelt),
    keyText: keyTexts.flatMap(mistyped),
  } as Partial<Record<Carried, string[]>>;
  const apart: string[] = [];
  for (const [name, place] of Object.entries(placesFor(ids))) {
    const texts = [...MALFORMED, ...(spelt[place.kind] ?? [])];
    const others = await answeredApart({ own, key: world.admin }, place, texts);
    apart.push(...others.map((words) => `${name} ${words}`));
  }
  expect(apart).toStrictEqual([]);
});
