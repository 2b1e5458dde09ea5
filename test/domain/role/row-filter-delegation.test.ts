import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type NewGrant, type World } from "../../support/world.ts";

const HANDING = ["role::create", "role::get", "grant::set", "grant::remove", "key::create"];

const US = { column: "region", eq: "US" };
const EU = { column: "region", eq: "EU" };
const CHEAP = { column: "price", lt: 10 };
const SECRET = { column: "margin", gt: 1 };

type Grants = readonly Omit<NewGrant, "datasetId">[];

let world: World;
let sales: Awaited<ReturnType<World["dataset"]>>;

beforeAll(async () => {
  world = await aWorld();
  sales = await world.dataset({
    columns: [
      { name: "region", type: "TEXT" },
      { name: "price", type: "INTEGER" },
      { name: "margin", type: "INTEGER" },
    ],
  });
});

async function roleOf(grants: Grants, permissions: readonly string[] = []): Promise<string> {
  const datasetId = sales.id;
  return await world.role({
    permissions,
    grants: grants.map((grant) => ({ datasetId, ...grant })),
  });
}

/** A key that may hand out, and holds the grants of each list. */
async function holderOf(...roles: readonly Grants[]): Promise<string> {
  const ids = await Promise.all(roles.map((grants) => roleOf(grants)));
  return await world.key({ roles: [...ids, { permissions: HANDING }] });
}

/** What is missing to do something; null: it is done. */
async function missingTo(document: string, key: string, input: object): Promise<string | null> {
  const { errors } = await world.run(document, { key, variables: { input } });
  const missing = errors[0]?.extensions["missing"] as { name: string } | undefined;
  return errors[0] ? (missing?.name.split(" ")[0] ?? errors[0].extensions.code ?? "") : null;
}

async function missingToSet(key: string, roleId: string, grant: Omit<NewGrant, "datasetId">) {
  return await missingTo(
    `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
    key,
    { roleId, datasetId: sales.id, ...grant },
  );
}

interface Case {
  readonly who: string;
  readonly holds: readonly Grants[];
  readonly hands: Omit<NewGrant, "datasetId">;
  readonly missing: string | null;
}

const READS_ALL = [{ read: "ALLOW" }] as const;
const READS_US = [{ read: "ALLOW", rowFilter: { read: US } }] as const;

const CASES: readonly Case[] = [
  {
    who: "without a filter hands out any",
    holds: [READS_ALL],
    hands: { read: "ALLOW", rowFilter: { read: US } },
    missing: null,
  },
  {
    who: "with a filter does not hand out the right without one",
    holds: [READS_US],
    hands: { read: "ALLOW" },
    missing: "READ",
  },
  {
    who: "with a filter hands out the very same, however it is written",
    holds: [[{ read: "ALLOW", rowFilter: { read: { and: [US, CHEAP] } } }]],
    hands: { read: "ALLOW", rowFilter: { read: { and: [{ and: [CHEAP] }, US, US] } } },
    missing: null,
  },
  {
    who: "with a filter hands out one that is ANDed to it",
    holds: [READS_US],
    hands: { read: "ALLOW", rowFilter: { read: { and: [US, CHEAP] } } },
    missing: null,
  },
  {
    who: "with a filter does not hand out another",
    holds: [READS_US],
    hands: { read: "ALLOW", rowFilter: { read: EU } },
    missing: "READ",
  },
  {
    who: "with a filter does not hand out one that is ORed to it",
    holds: [READS_US],
    hands: { read: "ALLOW", rowFilter: { read: { or: [US, EU] } } },
    missing: "READ",
  },
  {
    who: "with a filter that means the same does not hand it out: nobody reasons about filters",
    holds: [READS_US],
    hands: { read: "ALLOW", rowFilter: { read: { column: "region", in: ["US"] } } },
    missing: "READ",
  },
  {
    who: "with two filters hands out the right in the rows of neither together with the other's",
    holds: [READS_US, [{ read: "ALLOW", rowFilter: { read: EU } }]],
    hands: { read: "ALLOW", rowFilter: { read: { or: [US, EU] } } },
    missing: "READ",
  },
  {
    who: "with a filter of one action holds it for no other",
    holds: [[{ read: "ALLOW", update: "ALLOW", rowFilter: { update: US } }]],
    hands: { update: "ALLOW", rowFilter: { read: US } },
    missing: "UPDATE",
  },
];

describe("whoever holds a right", () => {
  test.each(CASES)("$who", async ({ holds, hands, missing }) => {
    const key = await holderOf(...holds);
    expect(await missingToSet(key, await roleOf([]), hands)).toBe(missing);
    const any = await world.key({
      roles: [{ permissions: [...HANDING, "grant::any"], canRead: true }],
    });
    expect(await missingToSet(any, await roleOf([]), hands)).toBeNull();
  });

  test("with a filter gives a key no role that has it without one", async () => {
    const key = await holderOf(READS_US);
    const document = `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`;
    const made = async (grants: Grants) =>
      await missingTo(document, key, { name: "made", roleIds: [await roleOf(grants)] });
    expect(await made(READS_ALL)).toBe("READ");
    expect(await made(READS_US)).toBeNull();
  });

  test("with a filter does not take one off a role", async () => {
    const roleId = await roleOf([
      { rowFilter: { read: US } },
      { columnId: sales.columns["region"] ?? "", read: "ALLOW" },
    ]);
    const key = await holderOf(READS_US);
    const remove = `mutation ($input: RemoveGrantInput!) { removeGrant(input: $input) { role { id } } }`;
    const input = { roleId, datasetId: sales.id };
    expect(await missingTo(remove, key, input)).toBe("READ");
    expect(await missingTo(remove, await holderOf(READS_ALL), input)).toBeNull();
  });
});

const blind = () =>
  [{ read: "ALLOW" }, { columnId: sales.columns["margin"] ?? "", read: "WITHHOLD" }] as const;

describe("a filter tells which rows meet it, and so", () => {
  test("a column that one may not read is no column for it", async () => {
    const roleId = await roleOf([]);
    const hands = { read: "ALLOW", rowFilter: { read: SECRET } } as const;
    const { errors } = await world.run(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      {
        key: await holderOf(blind()),
        variables: { input: { roleId, datasetId: sales.id, ...hands } },
      },
    );
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(errors[0]?.message).toContain('No column "margin". ');
    expect(await missingToSet(await holderOf(READS_ALL), roleId, hands)).toBeNull();
  });

  test("a column that one reads in some rows is asked of those alone", async () => {
    const margins = [
      { rowFilter: { read: US } },
      { columnId: sales.columns["margin"] ?? "", read: "ALLOW" },
    ] as const;
    const roleId = await roleOf([]);
    const key = await holderOf(blind(), margins);
    const region = { columnId: sales.columns["region"] ?? "", read: "ALLOW" } as const;
    const withRegion = await roleOf([region]);
    expect(await missingToSet(key, withRegion, { rowFilter: { read: SECRET } })).toBe("READ");
    expect(
      await missingToSet(key, withRegion, { rowFilter: { read: { and: [US, SECRET] } } }),
    ).toBeNull();
    expect(await missingToSet(key, roleId, { rowFilter: { read: SECRET } })).toBeNull();
  });
});
