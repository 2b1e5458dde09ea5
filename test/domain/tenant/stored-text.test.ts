import { beforeAll, describe, expect, it } from "vitest";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { aWorld, uniqueName, type World } from "../../support/world.ts";

/** One text in two forms: as some keyboards send it, and as it is stored. */
const SENT = "Cafe\u0301";
const STORED = "Caf\u00e9";

let world: World;
let ids: { readonly dataset: string; readonly column: string; readonly link: string };

beforeAll(async () => {
  world = await aWorld();
  const { id: dataset, columns } = await world.dataset({
    columns: [{ name: "a", type: "TEXT" }],
  });
  const { id: link } = await world.link({ datasetId: dataset, targetId: dataset });
  ids = { dataset, column: columns["a"] ?? "", link };
});

const [label, description] = [SENT, SENT];
const texts = { label, description };
const told = "label description";

/** Each mutation that takes free text, with an input, and where in the answer it stands. */
const WRITES: readonly [string, string, () => Promise<object> | object][] = [
  ["updateTenant", "tenant { label }", () => ({ label })],
  [
    "createKey",
    "key { name }",
    async () => ({ name: SENT, roleIds: [await world.role({ permissions: [] })] }),
  ],
  ["createRole", "role { description }", () => ({ name: uniqueName("role"), description })],
  ["updateRole", "role { description }", async () => ({ id: await world.role({}), description })],
  [
    "createDataset",
    `dataset { ${told} columns { ${told} } }`,
    () => ({
      name: uniqueName("d"),
      ...texts,
      columns: [{ name: "a", type: "TEXT", ...texts }],
    }),
  ],
  ["updateDataset", `dataset { ${told} }`, () => ({ id: ids.dataset, ...texts })],
  [
    "addColumn",
    `column { ${told} }`,
    () => ({ datasetId: ids.dataset, column: { name: "b", type: "TEXT", ...texts } }),
  ],
  ["updateColumn", `column { ${told} }`, () => ({ id: ids.column, ...texts })],
  [
    "addLink",
    `link { ${told} }`,
    () => ({ datasetId: ids.dataset, targetId: ids.dataset, name: "other", ...texts }),
  ],
  ["updateLink", `link { ${told} }`, () => ({ id: ids.link, ...texts })],
  [
    "setUserAttributes",
    "tenant { userAttributes { label } }",
    () => ({ attributes: [{ name: "place", type: "TEXT", label }] }),
  ],
  [
    "registerUser",
    "user { firstName lastName organization }",
    () => ({
      email: `${uniqueName("u")}@example.com`,
      password: "a long enough phrase",
      firstName: SENT,
      lastName: SENT,
      organization: SENT,
    }),
  ],
];

describe("Free text is stored in the one form of its characters", () => {
  it.each(WRITES)("by %s: %s", async (field, selection, input) => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
    const answer = await world.ask(
      `mutation ($input: ${type}) { ${field}(input: $input) { ${selection} } }`,
      { variables: { input: await input() } },
    );
    const values = [...JSON.stringify(answer).matchAll(/:"([^"]*)"/g)].map(([, value]) => value);

    expect(values).toEqual(values.map(() => STORED));
    expect(values.length).toBeGreaterThan(0);
  });

  it("by createAccessToken: for whom it acts", async () => {
    const { asking } = await world.token({
      roles: [{ permissions: ["viewer::get"] }],
      clientId: SENT,
      clientName: SENT,
    });

    expect(await world.ask("{ viewer { client { id name } } }", asking)).toEqual({
      viewer: { client: { id: STORED, name: STORED } },
    });
  });

  it("by the command that makes a tenant", async () => {
    const { key } = await createTenant(world.database, { slug: uniqueName("t"), label: SENT });

    expect(await world.ask("{ tenant { label } }", { key })).toEqual({ tenant: { label: STORED } });
  });
});
