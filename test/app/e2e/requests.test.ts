import { afterAll, describe, expect, it } from "vitest";
import {
  DropRowsDocument,
  FoundAllDocument,
  FoundDocument,
  PageDocument,
  StaffDocument,
} from "../../generated/documents.ts";
import { aWorld } from "../../support/world.ts";
import { listeningApi } from "./listening-api.ts";

const COLUMNS = [
  { name: "name", type: "TEXT" },
  { name: "salary", type: "DECIMAL" },
];
const ROWS = [{ name: "Ada", salary: "90000" }];

describe("A request", async () => {
  const world = await aWorld();
  const api = await listeningApi(world.database);
  const staff = await world.dataset({ name: "staff", columns: COLUMNS, rows: ROWS });

  afterAll(() => api.close());

  it.each([
    ["a key that is none", { key: "nonsense" }],
    ["a key of the right form that nobody has", { key: `fgk_${"a".repeat(92)}` }],
    ["a key with one character changed", { key: changed(world.admin) }],
    ["two credentials", { key: world.admin, headers: { authorization: `Bearer ${world.admin}` } }],
    ["an Authorization that is no bearer's", { headers: { authorization: "Basic abc" } }],
    ["an empty key", { key: "" }],
    [
      "a good key and the slug of another tenant",
      { key: world.admin, headers: { "x-fieldgate-tenant": "other" } },
    ],
  ])("with %s is refused with 401, in the same words, and reads nothing", async (_what, caller) => {
    const refused = await api.run(StaffDocument, {}, caller);
    const known = await api.run(StaffDocument, {}, { key: "nonsense" });

    expect(refused.status).toBe(401);
    expect(refused.data).toBeNull();
    expect(refused.errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    expect(refused.errors[0]?.message).toBe(known.errors[0]?.message);
  });

  it("by Authorization: Bearer is the same as by X-API-Key", async () => {
    const headers = { authorization: `Bearer ${world.admin}` };

    expect(await api.ask(StaffDocument, {}, { headers })).toEqual(
      await api.ask(StaffDocument, {}, { key: world.admin }),
    );
  });

  it("by GET asks queries, with variables", async () => {
    const asked = { filter: { column: "name", startsWith: "A" } };
    const caller = { key: world.admin, method: "GET" } as const;

    expect(await api.ask(StaffDocument, asked, caller)).toMatchObject({
      dataset: { rows: { nodes: [{ values: ROWS[0] }] } },
    });
  });

  it("by GET changes nothing", async () => {
    const input = { datasetId: staff.id, rows: [{ id: staff.rows[0] ?? "" }] };
    const caller = { key: world.admin, method: "GET" } as const;
    const refused = await api.run(DropRowsDocument, { input }, caller);

    expect(refused).toMatchObject({ status: 405, data: null });
    expect(await rowsOf(staff.id)).toHaveLength(1);
  });

  it("without a credential sees nothing until a dataset is opened, and of that no column that is withheld", async () => {
    await aWorld(); // Where there is one tenant alone, it is the one that is meant.
    const nobody = { headers: { "x-fieldgate-tenant": world.slug } };
    const made = await world.dataset({ columns: COLUMNS, rows: ROWS });
    const closed = await api.ask(PageDocument, { id: made.id, first: 10 }, nobody);
    const { role } = await world.ask<{ role: { id: string } }>(
      `{ role(name: "anonymous") { id } }`,
    );
    await world.ask(
      `mutation ($role: ID!, $dataset: ID!, $column: ID!) {
         updateDataset(input: { id: $dataset, accessLevel: OPEN }) { dataset { id } }
         setGrant(input: { roleId: $role, datasetId: $dataset, columnId: $column, read: WITHHOLD }) { grant { id } }
       }`,
      { variables: { role: role.id, dataset: made.id, column: made.columns["salary"] } },
    );
    const opened = await api.ask(PageDocument, { id: made.id, first: 10 }, nobody);
    const elsewhere = await api.ask(PageDocument, { id: made.id, first: 10 });

    expect(closed).toEqual({ dataset: null });
    expect(opened.dataset?.rows?.nodes).toMatchObject([{ values: { name: "Ada" } }]);
    expect(JSON.stringify(opened)).not.toContain("90000");
    expect(elsewhere).toEqual({ dataset: null });
  });

  it("for a node finds whatever the caller may see, by its id alone", async () => {
    const [row = ""] = staff.rows;
    const { node } = await api.ask(FoundDocument, { id: row }, { key: world.admin });

    expect(node).toEqual({
      __typename: "Row",
      id: row,
      version: 1,
      values: { name: "Ada", salary: "90000" },
      dataset: { name: "staff" },
    });
  });

  it("for nodes finds each kind of thing, and for another tenant's key nothing of it, as of what never was", async () => {
    const ids = await idsOfEveryKind();
    const found = await api.ask(
      FoundAllDocument,
      { ids: Object.values(ids) },
      { key: world.admin },
    );
    const stranger = await aWorld();
    const foreign = await api.run(
      FoundAllDocument,
      { ids: Object.values(ids) },
      { key: stranger.admin },
    );
    const missing = Object.values(ids).map((id) => id.replace(/.{8}$/, "00000000"));

    expect(found.nodes).toEqual(
      Object.entries(ids).map(([__typename, id]) => ({ __typename, id })),
    );
    expect(foreign).toEqual(
      await api.run(
        FoundAllDocument,
        { ids: [...missing.slice(1), "nonsense"] },
        { key: world.admin },
      ),
    );
    expect(foreign.errors).toEqual([]);
  });

  async function rowsOf(id: string) {
    const { dataset } = await api.ask(PageDocument, { id, first: 10 }, { key: world.admin });
    return dataset?.rows?.nodes ?? [];
  }

  async function idsOfEveryKind(): Promise<Record<string, string>> {
    const role = await world.role({ grants: [{ datasetId: staff.id, read: "ALLOW" }] });
    const key = await world.keyWithId({ roles: [role] });
    const asked = await world.ask<{ tenant: Named; role: { grants: Named[] } }>(
      `query ($role: ID!) { tenant { id } role(id: $role) { grants { id } } }`,
      { variables: { role } },
    );
    return {
      Tenant: asked.tenant.id,
      Dataset: staff.id,
      Column: staff.columns["name"] ?? "",
      Row: staff.rows[0] ?? "",
      Role: role,
      Grant: asked.role.grants[0]?.id ?? "",
      Key: key.id,
    };
  }
});

interface Named {
  readonly id: string;
}

/** The same text but for one character near its end. */
function changed(text: string): string {
  const other = text.at(-2) === "a" ? "b" : "a";
  return `${text.slice(0, -2)}${other}${text.slice(-1)}`;
}
