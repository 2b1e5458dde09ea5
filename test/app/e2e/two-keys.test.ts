import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  GrantDocument,
  MakeDatasetDocument,
  MakeKeyDocument,
  MakeRoleDocument,
  MakeRowsDocument,
  RevokeDocument,
  StaffAndRolesDocument,
  StaffDocument,
} from "../../generated/documents.ts";
import { aWorld, type World } from "../../support/world.ts";
import { type ListeningApi, listeningApi } from "./listening-api.ts";

const ROWS = [
  { name: "Ada", team: "engines", salary: "90000.00" },
  { name: "Ben", team: "sales", salary: "50000.50" },
];
/** What the built-in roles may call to look. */
const LOOK = ["viewer::get", "dataset::get", "row::get"];

describe("One dataset and two keys", () => {
  let world: World;
  let api: ListeningApi;
  let staff: { id: string; columns: Readonly<Record<string, string>> };
  let writer: string;
  let analyst: { id: string; secret: string };

  beforeAll(async () => {
    world = await aWorld();
    api = await listeningApi(world.database);
    staff = await makeStaff();
    writer = (
      await makeKey("writer", {
        permissions: [...LOOK, "row::create"],
        canRead: true,
        canCreate: true,
      })
    ).secret;
    analyst = await makeKey(
      "analyst",
      { permissions: [...LOOK, "row::create"], canRead: true },
      true,
    );
  });

  afterAll(() => api.close());

  it("one query, two answers: the columns and cells that each may read, and no more", async () => {
    const whole = await api.ask(StaffDocument, {}, { key: world.admin });
    const part = await api.ask(StaffDocument, {}, { key: analyst.secret });

    expect(whole.dataset?.columns.map((column) => column?.name)).toEqual([
      "name",
      "team",
      "salary",
    ]);
    expect(whole.dataset?.rows?.nodes.map((row) => row?.values)).toEqual(ROWS);
    expect(part).toEqual({
      viewer: { name: "analyst", roles: ["analyst"] },
      dataset: {
        canCreate: false,
        columns: [{ name: "name" }, { name: "team" }],
        rowCount: 2,
        rows: {
          nodes: [
            { values: { name: "Ada", team: "engines" }, hiddenColumns: [] },
            { values: { name: "Ben", team: "sales" }, hiddenColumns: [] },
          ],
        },
      },
    });
  });

  it.each([
    ["filter", (column: string) => ({ filter: { column, gt: "60000" } })],
    ["order", (column: string) => ({ orderBy: [{ column, direction: "DESC" as const }] })],
  ])(
    "a hidden column is none to a %s either: it is answered as one that does not exist",
    async (_what, by) => {
      const key = analyst.secret;
      const hidden = await api.run(StaffDocument, by("salary"), { key });
      const missing = await api.run(StaffDocument, by("celery"), { key });

      expect(hidden.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
      expect(messageOf(hidden)).toBe(messageOf(missing).replaceAll("celery", "salary"));
      expect(
        (await api.ask(StaffDocument, by("salary"), { key: world.admin })).dataset,
      ).not.toBeNull();
    },
  );

  it("a field that a key may not have is null, and the error says which permission is missing; the rest is answered", async () => {
    const { status, data, errors } = await api.run(
      StaffAndRolesDocument,
      {},
      { key: analyst.secret },
    );

    expect(status).toBe(200);
    expect(data).toEqual({ dataset: { name: "staff" }, roles: null });
    expect(errors).toMatchObject([
      {
        path: ["roles"],
        message: expect.stringMatching(
          /role::find is missing\. Your role \w+ does not have it\./,
        ) as string,
        extensions: {
          code: "FORBIDDEN",
          missing: { gate: "PERMISSION", name: "role::find" },
          nearestRole: expect.stringMatching(/^\w+$/) as string,
        },
      },
    ]);
  });

  it("a key that may write writes, and both keys read what it wrote, each its part", async () => {
    const row = { name: "Eve", team: "engines", salary: "1" };
    const made = await api.ask(
      MakeRowsDocument,
      { input: { datasetId: staff.id, rows: [row] } },
      { key: writer },
    );
    const part = await api.ask(
      StaffDocument,
      { filter: { column: "name", eq: "Eve" } },
      { key: analyst.secret },
    );

    expect(made.createRows).toMatchObject({ count: 1, rows: [{ values: row }] });
    expect(part.dataset?.rows?.nodes).toMatchObject([{ values: { name: "Eve", team: "engines" } }]);
  });

  it("a key that may not write is told which right is missing, by its gate", async () => {
    const input = { datasetId: staff.id, rows: [{ name: "Mallory" }] };
    const unentitled = await api.run(MakeRowsDocument, { input }, { key: analyst.secret });
    const reader = await makeKey("reader", { permissions: LOOK, canRead: true, canCreate: true });
    const unpermitted = await api.run(MakeRowsDocument, { input }, { key: reader.secret });

    expect(unentitled).toMatchObject({
      data: { createRows: null },
      errors: [
        {
          path: ["createRows"],
          extensions: { code: "FORBIDDEN", missing: { gate: "DATA", name: "CREATE staff" } },
        },
      ],
    });
    expect(unpermitted.errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "PERMISSION", name: "row::create" } } },
    ]);
  });

  it("a key that was revoked is nobody's from then on", async () => {
    const { id, secret } = await makeKey("short-lived", { permissions: LOOK, canRead: true });
    const before = await api.run(StaffDocument, {}, { key: secret });
    await api.ask(RevokeDocument, { id }, { key: world.admin });
    const after = await api.run(StaffDocument, {}, { key: secret });

    expect(before.status).toBe(200);
    expect(after).toMatchObject({
      status: 401,
      data: null,
      errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
    });
  });

  async function makeStaff() {
    const columns = [
      { name: "name", type: "TEXT" },
      { name: "team", type: "TEXT" },
      { name: "salary", type: "DECIMAL" },
    ] as const;
    const { createDataset } = await api.ask(
      MakeDatasetDocument,
      { input: { name: "staff", columns } },
      { key: world.admin },
    );
    const made = createDataset?.dataset;
    if (!made) throw new Error("The dataset was not made.");
    await api.ask(
      MakeRowsDocument,
      { input: { datasetId: made.id, rows: ROWS } },
      { key: world.admin },
    );
    return {
      id: made.id,
      columns: Object.fromEntries(
        made.columns.map((column) => [column?.name, column?.id]),
      ) as Record<string, string>,
    };
  }

  /** Makes a key with one role of its own, from which the salaries can be withheld. */
  async function makeKey(name: string, rights: object, withoutSalaries = false) {
    const as = { key: world.admin };
    const { createRole } = await api.ask(
      MakeRoleDocument,
      { input: { name: name.replace("-", "_"), ...rights } },
      as,
    );
    const roleId = createRole?.role?.id ?? "";
    if (withoutSalaries) {
      await api.ask(
        GrantDocument,
        {
          input: {
            roleId,
            datasetId: staff.id,
            columnId: staff.columns["salary"] ?? "",
            read: "WITHHOLD",
          },
        },
        as,
      );
    }
    const { createKey } = await api.ask(
      MakeKeyDocument,
      { input: { name, roleIds: [roleId] } },
      as,
    );
    return { id: createKey?.key?.id ?? "", secret: createKey?.secret ?? "" };
  }
});

function messageOf({ errors }: { errors: readonly { message: string }[] }): string {
  return errors.map(({ message }) => message).join();
}
