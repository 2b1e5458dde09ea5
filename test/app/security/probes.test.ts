/**
 * Whatever is put into an argument that can name something of another tenant, and whoever asks: the answer is
 * to the byte the one to a name of something that never was.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schema } from "../../../src/schema.ts";
import { type Trusting, trusting, viewerOf } from "../../domain/issuer/trusting.ts";
import { uniqueName } from "../../support/world.ts";
import { placesFor, unprepared } from "./places.ts";
import { answeredApart, aProbed, type Asker, filled, type Probed, strange } from "./probed.ts";

let open: Probed;
let shut: Probed;
let foreign: Probed;
let methods: readonly string[];
let provider: Trusting | undefined;
let probes = 0;

beforeAll(async () => {
  [open, shut, foreign] = [await aProbed("OPEN"), await aProbed(), await aProbed()];
  const { permissions } = await open.world.ask<{ permissions: { name: string }[] }>(
    "{ permissions { name } }",
  );
  methods = permissions.map(({ name }) => name);
});
afterAll(async () => {
  process.stdout.write(`Probes of arguments with what is another tenant's: ${probes}\n`);
  await provider?.stop();
  await open.world.database.close();
});

/** Reads one of the two columns of a dataset, and may call everything. */
async function aNarrowKey({ world, ids: { dataset: datasetId, column: columnId } }: Probed) {
  return await world.key({
    roles: [{ permissions: methods, grants: [{ datasetId, columnId, read: "ALLOW" }] }],
  });
}

/** A user by a JWT, who may call everything by a role that it claims, and how that asks. */
async function aClaiming({ world }: Probed) {
  const name = uniqueName("methods");
  await world.role({ name, permissions: methods });
  provider = await trusting(world, { claims: { roles: "groups" }, maxTokenAge: 24 * 60 * 60 });
  const exp = Math.floor(world.now().getTime() / 1000) + 24 * 60 * 60;
  const { headers = {} } = provider.as({ groups: [name], exp });
  expect((await viewerOf(world, { key: null, headers })).roles).toContain(name);
  return { headers };
}

const inTenant = (of: Probed) => ({ "x-fieldgate-tenant": of.world.slug });

const ASKERS: Readonly<Record<string, () => Promise<Asker>>> = {
  "an administrator": async () => ({ own: open, key: open.world.admin }),
  "a key that may call everything and reads one column": async () => ({
    own: shut,
    key: await aNarrowKey(shut),
  }),
  "a key that may call everything and is given no data": async () => ({
    own: shut,
    key: await shut.world.key({ roles: [{ permissions: methods }] }),
  }),
  "a key that may call nothing": async () => ({
    own: shut,
    key: await shut.world.key({ roles: [{}] }),
  }),
  "a publishable key": async () => ({
    own: shut,
    key: await shut.world.key({
      publishable: true,
      roles: [{ permissions: methods, canRead: true, canCreate: true, canUpdate: true }],
    }),
  }),
  "a user without roles": async () => ({
    own: shut,
    key: await shut.world.login(await shut.world.user()),
  }),
  "a user that may call everything": async () => {
    const role = { name: uniqueName("methods"), permissions: methods };
    return { own: shut, key: await shut.world.login(await shut.world.user({ roles: [role] })) };
  },
  "a user by a JWT that claims to call everything": async () => ({
    own: shut,
    key: null,
    ...(await aClaiming(shut)),
  }),
  "a token with a condition of a key that may call everything": async () => {
    const { world, ids } = shut;
    const condition = { datasetId: ids.dataset, column: "name", op: "eq", value: "first" };
    const key = await aNarrowKey(shut);
    const { asking } = await world.token({ key, conditions: [condition] });
    return { own: shut, ...asking };
  },
  "an administrator's key narrowed to no role": async () => ({
    own: open,
    key: open.world.admin,
    headers: { "x-fieldgate-roles": uniqueName("nobody") },
  }),
  "the public of a tenant whose dataset is OPEN": async () => ({
    own: open,
    key: null,
    headers: inTenant(open),
  }),
  "the public of a tenant whose dataset is PRIVATE": async () => ({
    own: shut,
    key: null,
    headers: inTenant(shut),
  }),
  "the public of no tenant": async () => ({ own: open, key: null }),
};

test("every argument that can carry an id has a document here that puts one there", () => {
  expect(unprepared(schema, Object.keys(placesFor(open.ids)))).toStrictEqual([]);
});

test("one that nobody prepared is named, with what to do", () => {
  const [, ...others] = Object.keys(placesFor(open.ids));
  const told = unprepared(schema, [...others, "Query.gone"]);
  expect(told).toStrictEqual([
    "Query.dataset.id takes an id: add a document that puts one there to test/app/security/places.ts.",
    "Query.gone is not in the schema: remove it from test/app/security/places.ts.",
  ]);
});

describe("what is another tenant's, of a kind that does not fit, or never was, is answered alike", () => {
  test.each(Object.keys(ASKERS))("to %s", async (who) => {
    const asker = await ASKERS[who]?.();
    if (!asker) throw new Error("Nobody asks.");
    const apart: string[] = [];
    for (const [name, place] of Object.entries(placesFor(asker.own.ids))) {
      const ids = strange(place, asker.own, foreign);
      probes += ids.length;
      const others = await answeredApart(asker, place, ids);
      apart.push(...others.map((words) => `${name} ${words}`));
    }
    expect(apart).toStrictEqual([]);
  });
});

const NOTHING = {
  tenant: "",
  dataset: "",
  column: "",
  link: "",
  row: "",
  role: "",
  key: "",
  grant: "",
  user: "",
  session: "",
  token: "",
  issuer: "",
};

/** What the administrator's key has none of: sessions of its own, roles but one. The domain's tests have both. */
const OF_OTHERS: ReadonlySet<string> = new Set(["logout.sessionId", "createAccessToken.roleIds"]);

/** The list of which there is one for each user. */
const OF_USER = "User.sessions.after";

/** Whether what is named is not there any more afterwards. */
const isLast = (name: string) => /^(delete|remove|roll|revoke|end|distrust)/.test(name);

describe("what is the asker's own is answered otherwise, so that the probes can tell:", () => {
  let lasting: Awaited<ReturnType<typeof filled>>;

  beforeAll(async () => {
    lasting = await filled(open.world, "PRIVATE");
  });

  const places = Object.keys(placesFor(NOTHING)).filter((name) => !OF_OTHERS.has(name));

  test.each(places)("%s", async (name) => {
    const list = /\.(\w+)\.after$/.exec(name)?.[1] ?? "";
    const things = isLast(name) ? await filled(open.world, "PRIVATE") : lasting;
    const isOfOpen = name === OF_USER || /^(aggregate|rows|linked)$/.test(list);
    const place = placesFor(isOfOpen ? open.ids : things.ids)[name];
    if (!place) throw new Error("No such place.");
    const own: Readonly<Record<string, string | undefined>> = {
      ...things.ids,
      any: things.ids.grant,
      name: name === "Query.role.name" ? "anonymous" : things.name,
      cursor: open.cursors[name === OF_USER ? "ofUser" : list],
      keyText: open.world.admin,
    };
    const asker = { own: open, key: open.world.admin };
    expect(await answeredApart(asker, place, [own[place.kind] ?? ""])).toHaveLength(1);
  });
});
